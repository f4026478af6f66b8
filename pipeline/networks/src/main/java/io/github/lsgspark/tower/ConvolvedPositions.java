package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;

/**
 * Positions that are added to a sequence: convolutions of the sequence itself (Mohamed et al. 2019;
 * Baevski et al. 2020, section 2).
 *
 * @param count convolutions, one behind the other
 * @param kernel their length
 * @param groups of channels that do not see each other
 * @param width d
 * @param function behind each
 */
record ConvolvedPositions(
    Kind kind, int count, int kernel, int groups, int width, Activation function) {
  private static final String CONV = "encoder.pos_conv_embed.conv";
  private static final String DIRECTION = CONV + ".weight_v";
  private static final String GAIN = CONV + ".weight_g";
  private static final String BIAS = CONV + ".bias";
  private static final String BATCH_NORM = "encoder.pos_conv_embed.batch_norm";
  private static final double EPSILON = 1e-5;

  /** How they are normalised. */
  enum Kind {
    /** By the weights' directions. */
    WEIGHT_NORM,
    /** By running statistics of the sequence, before the convolution. */
    BATCH_NORM,
    /** Each convolution's result, over its channels, without gain and bias. */
    SEVERAL
  }

  /** Checks the groups. */
  ConvolvedPositions {
    if (width % groups != 0) {
      throw new IllegalArgumentException(
          "hidden_size = %d cannot be divided into num_conv_pos_embedding_groups = %d"
              .formatted(width, groups));
    }
  }

  private static String convolution(int number) {
    return "encoder.pos_conv_embed.layers." + number + ".conv";
  }

  void shapes(TensorShapes shapes) {
    int in = width / groups;
    switch (kind) {
      case WEIGHT_NORM -> {
        shapes.array(GAIN, 1, 1, kernel);
        shapes.array(DIRECTION, width, in, kernel);
        shapes.vector(BIAS, width);
      }
      case BATCH_NORM -> {
        shapes.array(CONV + ".weight", width, in, kernel);
        shapes.vector(BIAS, width);
        shapes.batchNorm(BATCH_NORM, width);
      }
      case SEVERAL -> {
        for (int i = 0; i < count; i++) {
          shapes.array(convolution(i) + ".weight", width, in, kernel);
          shapes.vector(convolution(i) + ".bias", width);
        }
      }
    }
  }

  /** Names of weight normalisation as newer versions of PyTorch write them, as older ones did. */
  static String older(String name) {
    return switch (name) {
      case CONV + ".parametrizations.weight.original0" -> GAIN;
      case CONV + ".parametrizations.weight.original1" -> DIRECTION;
      default -> name;
    };
  }

  /**
   * The positions of a sequence.
   *
   * @param x [n, length, d]
   * @param length of the sequence
   */
  <V> V of(Layers<V> layers, V x, int length) {
    V map = layers.reshape(layers.transpose(x, 1, 2), -1, width, 1, length);
    return switch (kind) {
      case WEIGHT_NORM -> {
        V weight = layers.weightNorm(layers.parameter(DIRECTION), layers.parameter(GAIN));
        yield layers.places(convolved(layers, map, weight, BIAS, length));
      }
      case BATCH_NORM -> {
        V normed = layers.batchNorm(map, BATCH_NORM);
        V weight = layers.parameter(CONV + ".weight");
        yield layers.places(convolved(layers, normed, weight, BIAS, length));
      }
      case SEVERAL -> several(layers, map, length);
    };
  }

  private <V> V several(Layers<V> layers, V map, int length) {
    V sequence = map;
    V x = map;
    for (int i = 0; i < count; i++) {
      V weight = layers.parameter(convolution(i) + ".weight");
      V made = filtered(layers, x, weight, convolution(i) + ".bias", length);
      sequence = layers.activate(layers.plainNorm(layers.places(made), width, EPSILON), function);
      x = layers.reshape(layers.transpose(sequence, 1, 2), -1, width, 1, length);
    }
    return sequence;
  }

  private <V> V convolved(Layers<V> layers, V map, V weight, String bias, int length) {
    return layers.activate(filtered(layers, map, weight, bias, length), function);
  }

  /** Padded by half a kernel; of an even one, the last result is cut off. */
  private <V> V filtered(Layers<V> layers, V map, V weight, String bias, int length) {
    V made =
        layers.conv(
            map,
            layers.reshape(weight, width, width / groups, 1, kernel),
            layers.parameter(bias),
            new int[] {1, 1},
            new int[] {0, kernel / 2},
            groups);
    return kernel % 2 == 0 ? layers.narrow(made, 3, 0, length) : made;
  }
}
