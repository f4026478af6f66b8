package io.github.lsgspark.backbone;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.TrainSettings.Normalization;
import java.util.ArrayList;
import java.util.List;

/**
 * R3D-18 and R(2+1)D-18 (Tran et al. 2018) with torchvision's names: a ResNet-18 whose convolutions
 * also go over time, as one or as a spatial one and a temporal one behind it; and a narrower
 * R3D-18. Clips are [n, 3, T, height, width], of any T and size.
 */
final class VideoResNet extends ShapedBackbone {
  private static final int[] WIDTHS = {64, 128, 256, 512};
  private static final int[] NARROW = {16, 32, 64, 128};
  private static final int BLOCKS = 2;
  private static final int STEM_MIDDLE = 45;

  /** Strides and paddings over time, height and width. */
  private static final int[] ONCE = {1, 1, 1};

  private static final int[] NONE = {0, 0, 0};

  private final boolean factorised;
  private final int[] widths;

  /**
   * @param factorised whether space and time are convolved one after the other: R(2+1)D
   */
  private VideoResNet(boolean factorised, int[] widths) {
    this.factorised = factorised;
    this.widths = widths;
    int in = widths[0];
    if (factorised) {
      shapes.conv3d("stem.0", STEM_MIDDLE, 3, 1, 7);
      shapes.batchNorm("stem.1", STEM_MIDDLE);
      shapes.conv3d("stem.3", in, STEM_MIDDLE, 3, 1);
      shapes.batchNorm("stem.4", in);
    } else {
      shapes.conv3d("stem.0", in, 3, 3, 7);
      shapes.batchNorm("stem.1", in);
    }
    for (int stage = 0; stage < widths.length; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        addBlock(name(stage, block), in, widths[stage]);
        in = widths[stage];
      }
    }
  }

  static VideoResNet r3d18() {
    return new VideoResNet(false, WIDTHS);
  }

  static VideoResNet r2plus1d18() {
    return new VideoResNet(true, WIDTHS);
  }

  /** R3D-18 with a quarter of the channels. */
  static VideoResNet small() {
    return new VideoResNet(false, NARROW);
  }

  private static String name(int stage, int block) {
    return "layer" + (stage + 1) + "." + block;
  }

  private void addBlock(String name, int in, int width) {
    // So that both convolutions have as many weights as one of 3 x 3 x 3 (section 3.5).
    int middle = in * width * 27 / (in * 9 + 3 * width);
    addConvolution(name + ".conv1", in, middle, width);
    addConvolution(name + ".conv2", width, middle, width);
    if (in != width) {
      shapes.conv3d(name + ".downsample.0", width, in, 1, 1);
      shapes.batchNorm(name + ".downsample.1", width);
    }
  }

  private void addConvolution(String name, int in, int middle, int out) {
    if (factorised) {
      shapes.conv3d(name + ".0.0", middle, in, 1, 3);
      shapes.batchNorm(name + ".0.1", middle);
      shapes.conv3d(name + ".0.3", out, middle, 3, 1);
    } else {
      shapes.conv3d(name + ".0", out, in, 3, 3);
    }
    shapes.batchNorm(name + ".1", out);
  }

  @Override
  public int featureDimension() {
    return widths[widths.length - 1];
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("stem", List.of("conv1"), List.of("stem")));
    for (int stage = 1; stage <= widths.length; stage++) {
      layers.add(Layer.of("layer" + stage, "layer" + stage));
    }
    return layers;
  }

  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int stage = 0; stage < widths.length; stage++) {
      outputs.add(
          new LayerOutput("layer" + (stage + 1), LayerOutput.Form.MAP_OVER_TIME, widths[stage], 0));
    }
    return outputs;
  }

  /** The last two stages. */
  @Override
  public List<String> featureLayers() {
    return List.of("layer" + (widths.length - 1), "layer" + widths.length);
  }

  @Override
  public <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs) {
    V x = stem(layers, clips);
    for (int stage = 0; stage < widths.length; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        x = block(layers, x, name(stage, block), stage > 0 && block == 0 ? 2 : 1);
      }
      V output = x;
      outputs.offer("layer" + (stage + 1), () -> output);
    }
    return layers.globalAveragePool3d(x);
  }

  private <V> V stem(Layers<V> layers, V clips) {
    int[] halved = {1, 2, 2};
    int[] around = {factorised ? 0 : 1, 3, 3};
    V x = layers.conv3d(clips, "stem.0", halved, around);
    x = layers.relu(layers.batchNorm(x, "stem.1"));
    if (!factorised) {
      return x;
    }
    x = layers.conv3d(x, "stem.3", ONCE, new int[] {1, 0, 0});
    return layers.relu(layers.batchNorm(x, "stem.4"));
  }

  private <V> V block(Layers<V> layers, V x, String name, int stride) {
    V y = layers.relu(convolution(layers, x, name + ".conv1", stride));
    y = convolution(layers, y, name + ".conv2", 1);
    V shortcut = x;
    if (shapes.parameters.containsKey(name + ".downsample.0.weight")) {
      int[] all = {stride, stride, stride};
      shortcut =
          layers.batchNorm(
              layers.conv3d(x, name + ".downsample.0", all, NONE), name + ".downsample.1");
    }
    return layers.relu(layers.add(y, shortcut));
  }

  private <V> V convolution(Layers<V> layers, V x, String name, int stride) {
    V y;
    if (factorised) {
      y = layers.conv3d(x, name + ".0.0", new int[] {1, stride, stride}, new int[] {0, 1, 1});
      y = layers.relu(layers.batchNorm(y, name + ".0.1"));
      y = layers.conv3d(y, name + ".0.3", new int[] {stride, 1, 1}, new int[] {1, 0, 0});
    } else {
      y = layers.conv3d(x, name + ".0", new int[] {stride, stride, stride}, ONCE);
    }
    return layers.batchNorm(y, name + ".1");
  }

  /** Networks of clips by their name. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    R3D_SMALL("r3d-small", "R3D-18 with a quarter of the channels"),
    R3D_18("r3d-18", "R3D-18 (Tran et al. 2018), torchvision's names"),
    R2PLUS1D_18("r2plus1d-18", "R(2+1)D-18 (Tran et al. 2018), torchvision's names");

    private final String label;
    private final String help;

    Kind(String label, String help) {
      this.label = label;
      this.help = help;
    }

    @Override
    public String label() {
      return label;
    }

    @Override
    public String help() {
      return help;
    }

    @Override
    public Modality modality() {
      return Modality.VIDEO;
    }

    @Override
    public Normalization normalization(String variant) {
      return Normalization.KINETICS;
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return switch (this) {
        case R3D_SMALL -> small();
        case R3D_18 -> r3d18();
        case R2PLUS1D_18 -> r2plus1d18();
      };
    }
  }
}
