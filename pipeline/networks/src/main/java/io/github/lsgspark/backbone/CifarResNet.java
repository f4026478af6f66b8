package io.github.lsgspark.backbone;

import java.util.List;

/**
 * ResNet-20 for 32-pixel images (He et al. 2016, section 4.2) with parameter-free shortcuts: every
 * second pixel, and zeros for the new channels (option A).
 */
final class CifarResNet extends ShapedBackbone {
  private static final int[] WIDTHS = {16, 32, 64};
  private static final int BLOCKS = 3;

  CifarResNet() {
    shapes.conv("conv1", 16, 3, 3, false);
    shapes.batchNorm("bn1", 16);
    int in = 16;
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        String name = name(stage, block);
        shapes.conv(name + ".conv1", WIDTHS[stage], in, 3, false);
        shapes.batchNorm(name + ".bn1", WIDTHS[stage]);
        shapes.conv(name + ".conv2", WIDTHS[stage], WIDTHS[stage], 3, false);
        shapes.batchNorm(name + ".bn2", WIDTHS[stage]);
        in = WIDTHS[stage];
      }
    }
  }

  private static String name(int stage, int block) {
    return "layer" + (stage + 1) + "." + block;
  }

  @Override
  public int featureDimension() {
    return 64;
  }

  @Override
  public List<Layer> layers() {
    return List.of(
        new Layer("conv1", List.of("stem"), List.of("conv1", "bn1")),
        Layer.of("layer1", "layer1"),
        Layer.of("layer2", "layer2"),
        Layer.of("layer3", "layer3"));
  }

  @Override
  public List<LayerOutput> outputs() {
    return List.of(
        LayerOutput.map("layer1", WIDTHS[0]),
        LayerOutput.map("layer2", WIDTHS[1]),
        LayerOutput.map("layer3", WIDTHS[2]));
  }

  /** The last two stages. */
  @Override
  public List<String> featureLayers() {
    return List.of("layer2", "layer3");
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.relu(layers.batchNorm(layers.conv(images, "conv1", 1, 1), "bn1"));
    for (int stage = 0; stage < 3; stage++) {
      for (int block = 0; block < BLOCKS; block++) {
        boolean wider = stage > 0 && block == 0;
        String name = name(stage, block);
        V y = layers.conv(x, name + ".conv1", wider ? 2 : 1, 1);
        y = layers.relu(layers.batchNorm(y, name + ".bn1"));
        y = layers.batchNorm(layers.conv(y, name + ".conv2", 1, 1), name + ".bn2");
        int added = WIDTHS[stage] / 4;
        V shortcut = wider ? layers.padChannels(layers.subsample(x, 2), added, added) : x;
        x = layers.relu(layers.add(y, shortcut));
      }
      V output = x;
      outputs.offer("layer" + (stage + 1), () -> output);
    }
    return layers.globalAveragePool(x);
  }

  /** This network by its name. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    ONLY;

    @Override
    public String label() {
      return "resnet20-cifar";
    }

    @Override
    public String help() {
      return "ResNet-20 for images of 32 pixels (He et al. 2016)";
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new CifarResNet();
    }
  }
}
