package io.github.lsgspark.backbone;

import java.util.ArrayList;
import java.util.List;

/**
 * A plain network for the demonstration's small pictures: four 3x3 convolutions with batch
 * normalisation, ReLU and, behind the first three, halving by max pooling. Trains in seconds on two
 * CPU cores.
 */
final class SmallCnn extends ShapedBackbone {
  private static final int[] WIDTHS = {32, 64, 128, 128};

  SmallCnn() {
    int in = 3;
    for (int block = 0; block < WIDTHS.length; block++) {
      shapes.conv("block" + (block + 1) + ".conv", WIDTHS[block], in, 3, false);
      shapes.batchNorm("block" + (block + 1) + ".bn", WIDTHS[block]);
      in = WIDTHS[block];
    }
  }

  @Override
  public int featureDimension() {
    return WIDTHS[WIDTHS.length - 1];
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    for (int block = 1; block <= WIDTHS.length; block++) {
      layers.add(Layer.of("block" + block, "block" + block));
    }
    return layers;
  }

  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int block = 0; block < WIDTHS.length; block++) {
      outputs.add(LayerOutput.map("block" + (block + 1), WIDTHS[block]));
    }
    return outputs;
  }

  /** The last two blocks. */
  @Override
  public List<String> featureLayers() {
    return List.of("block" + (WIDTHS.length - 1), "block" + WIDTHS.length);
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = images;
    for (int block = 0; block < WIDTHS.length; block++) {
      String name = "block" + (block + 1);
      x = layers.relu(layers.batchNorm(layers.conv(x, name + ".conv", 1, 1), name + ".bn"));
      V output = x;
      outputs.offer(name, () -> output);
      if (block < WIDTHS.length - 1) {
        x = layers.maxPool(x, 2, 2, 0, false);
      }
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
      return "small-cnn";
    }

    @Override
    public String help() {
      return "four convolutions for small images; trains in seconds on two CPU cores";
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new SmallCnn();
    }
  }
}
