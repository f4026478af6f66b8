package io.github.lsgspark.backbone;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * ResNet-18, -34, -50, -101 and -152 (He et al. 2016) with torchvision's names and its stride on
 * the 3x3 convolution of a bottleneck.
 */
final class ResNet extends ShapedBackbone {
  private static final int[] WIDTHS = {64, 128, 256, 512};

  private final int[] blocks;
  private final boolean bottleneck;

  ResNet(boolean bottleneck, int... blocks) {
    this.bottleneck = bottleneck;
    this.blocks = blocks;
    shapes.conv("conv1", 64, 3, 7, false);
    shapes.batchNorm("bn1", 64);
    int in = 64;
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < blocks[stage]; block++) {
        addBlock(name(stage, block), in, WIDTHS[stage], stride(stage, block));
        in = WIDTHS[stage] * expansion();
      }
    }
  }

  private int expansion() {
    return bottleneck ? 4 : 1;
  }

  private static String name(int stage, int block) {
    return "layer" + (stage + 1) + "." + block;
  }

  private static int stride(int stage, int block) {
    return stage > 0 && block == 0 ? 2 : 1;
  }

  private void addBlock(String name, int in, int width, int stride) {
    int out = width * expansion();
    if (bottleneck) {
      shapes.conv(name + ".conv1", width, in, 1, false);
      shapes.batchNorm(name + ".bn1", width);
      shapes.conv(name + ".conv2", width, width, 3, false);
      shapes.batchNorm(name + ".bn2", width);
      shapes.conv(name + ".conv3", out, width, 1, false);
      shapes.batchNorm(name + ".bn3", out);
    } else {
      shapes.conv(name + ".conv1", width, in, 3, false);
      shapes.batchNorm(name + ".bn1", width);
      shapes.conv(name + ".conv2", width, width, 3, false);
      shapes.batchNorm(name + ".bn2", width);
    }
    if (stride != 1 || in != out) {
      shapes.conv(name + ".downsample.0", out, in, 1, false);
      shapes.batchNorm(name + ".downsample.1", out);
    }
  }

  @Override
  public int featureDimension() {
    return 512 * expansion();
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("conv1", List.of("stem"), List.of("conv1", "bn1")));
    for (int stage = 1; stage <= 4; stage++) {
      layers.add(Layer.of("layer" + stage, "layer" + stage));
    }
    return layers;
  }

  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int stage = 0; stage < 4; stage++) {
      outputs.add(LayerOutput.map("layer" + (stage + 1), featureDimension() >> (3 - stage)));
    }
    return outputs;
  }

  /** The last two stages. */
  @Override
  public List<String> featureLayers() {
    return List.of("layer3", "layer4");
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.relu(convBn(layers, images, "conv1", "bn1", 2, 3));
    x = layers.maxPool(x, 3, 2, 1, false);
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < blocks[stage]; block++) {
        x = block(layers, x, name(stage, block), stride(stage, block));
      }
      V output = x;
      outputs.offer("layer" + (stage + 1), () -> output);
    }
    return layers.globalAveragePool(x);
  }

  private <V> V block(Layers<V> layers, V x, String name, int stride) {
    V y;
    if (bottleneck) {
      y = layers.relu(convBn(layers, x, name + ".conv1", name + ".bn1", 1, 0));
      y = layers.relu(convBn(layers, y, name + ".conv2", name + ".bn2", stride, 1));
      y = convBn(layers, y, name + ".conv3", name + ".bn3", 1, 0);
    } else {
      y = layers.relu(convBn(layers, x, name + ".conv1", name + ".bn1", stride, 1));
      y = convBn(layers, y, name + ".conv2", name + ".bn2", 1, 1);
    }
    V shortcut =
        shapes.parameters.containsKey(name + ".downsample.0.weight")
            ? convBn(layers, x, name + ".downsample.0", name + ".downsample.1", stride, 0)
            : x;
    return layers.relu(layers.add(y, shortcut));
  }

  private static <V> V convBn(
      Layers<V> layers, V x, String conv, String norm, int stride, int padding) {
    return layers.batchNorm(layers.conv(x, conv, stride, padding), norm);
  }

  /** ResNets by their depth. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    RESNET18(false, 2, 2, 2, 2),
    RESNET34(false, 3, 4, 6, 3),
    RESNET50(true, 3, 4, 6, 3),
    RESNET101(true, 3, 4, 23, 3),
    RESNET152(true, 3, 8, 36, 3);

    private final boolean bottleneck;
    private final int[] blocks;

    Kind(boolean bottleneck, int... blocks) {
      this.bottleneck = bottleneck;
      this.blocks = blocks;
    }

    @Override
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String help() {
      return "ResNet-" + name().substring(6) + " (He et al. 2016), torchvision's names";
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new ResNet(bottleneck, blocks);
    }
  }
}
