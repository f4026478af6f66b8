package io.github.lsgspark.backbone;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Cnn14 of PANNs (Kong et al. 2020) with its names, and smaller ones of its kind: each band
 * normalised, blocks of two 3x3 convolutions with batch normalisation and ReLU, means of 2x2
 * squares behind all blocks but the last; then the mean over the bands, the largest value plus the
 * mean over time, a fully connected layer and ReLU. There is no dropout.
 */
final class AudioCnn extends ShapedBackbone {
  private static final int[] CNN14 = {64, 128, 256, 512, 1024, 2048};
  private static final int[] SMALL = {16, 32, 64, 128, 256};

  private final int[] widths;

  private AudioCnn(int[] widths, long[] input) {
    this.widths = widths;
    int least = 1 << (widths.length - 1);
    if (input[1] < least || input[2] < least) {
      throw LsgException.usage(
          "this network needs views of at least %d bands and %d frames, but audio gives %d x %d"
              .formatted(least, least, input[1], input[2]));
    }
    shapes.batchNorm("bn0", (int) input[1]);
    int in = 1;
    for (int block = 0; block < widths.length; block++) {
      shapes.conv(name(block) + ".conv1", widths[block], in, 3, false);
      shapes.conv(name(block) + ".conv2", widths[block], widths[block], 3, false);
      shapes.batchNorm(name(block) + ".bn1", widths[block]);
      shapes.batchNorm(name(block) + ".bn2", widths[block]);
      in = widths[block];
    }
    shapes.linear("fc1", in, in);
  }

  /**
   * The published network.
   *
   * @param input shape of a view: [1, bands, frames]
   * @throws LsgException exit 2 if there are fewer than 32 bands or frames
   */
  static AudioCnn cnn14(long[] input) {
    return new AudioCnn(CNN14, input);
  }

  /** One block less, and a quarter of the channels. */
  static AudioCnn small(long[] input) {
    return new AudioCnn(SMALL, input);
  }

  private static String name(int block) {
    return "conv_block" + (block + 1);
  }

  @Override
  public int featureDimension() {
    return widths[widths.length - 1];
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("bn0", List.of("stem"), List.of("bn0")));
    for (int block = 0; block < widths.length; block++) {
      layers.add(Layer.of(name(block), name(block)));
    }
    layers.add(Layer.of("fc1", "fc1"));
    return layers;
  }

  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int block = 0; block < widths.length; block++) {
      outputs.add(LayerOutput.map(name(block), widths[block]));
    }
    return outputs;
  }

  /** The last two blocks, and the fully connected layer behind them. */
  @Override
  public List<String> featureLayers() {
    return List.of(name(widths.length - 2), name(widths.length - 1), LayerOutput.FEATURES);
  }

  /**
   * @param images [n, 1, bands, frames]
   */
  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V bands = layers.batchNorm(layers.transpose(images, 1, 2), "bn0");
    // [n, bands, 1, frames] to PANNs' [n, 1, frames, bands].
    V x = layers.transpose(layers.transpose(bands, 1, 2), 2, 3);
    for (int block = 0; block < widths.length; block++) {
      String name = name(block);
      x = layers.conv(x, name + ".conv1", 1, 1);
      x = layers.relu(layers.batchNorm(x, name + ".bn1"));
      x = layers.conv(x, name + ".conv2", 1, 1);
      x = layers.relu(layers.batchNorm(x, name + ".bn2"));
      V output = x;
      outputs.offer(name, () -> output);
      if (block < widths.length - 1) {
        x = layers.averagePool(x, 2);
      }
    }
    V overTime = layers.mean(layers.vectors(x), 3);
    V pooled = layers.add(layers.largest(overTime, 2), layers.mean(overTime, 2));
    return layers.vectors(layers.relu(layers.linear(pooled, "fc1")));
  }

  /** Convolutions as everywhere here; the fully connected layer by Glorot and Bengio (2010). */
  @Override
  public HostArray initial(String name, long[] shape, long seed) {
    if (shape.length != 2) {
      return super.initial(name, shape, seed);
    }
    double bound = Math.sqrt(6.0 / (shape[0] + shape[1]));
    return InitialValues.drawn(name, shape, seed, random -> (2 * random.nextDouble() - 1) * bound);
  }

  /** Convolutional networks of spectrograms by their name. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    CNN14("cnn14", "CNN14 of PANNs (Kong et al. 2020), its public names"),
    CNN14_SMALL("cnn14-small", "CNN14 with one block less and a quarter of the channels");

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
      return Modality.AUDIO;
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return this == CNN14 ? cnn14(input) : small(input);
    }
  }
}
