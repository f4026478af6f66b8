package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.WaveRecipe.Gates;

/**
 * Learned biases of relative positions, the same for all blocks, which each block weighs for each
 * place by what it sees there (Chen et al. 2022, WavLM, eq. 3 to 6). Near places have a bias each,
 * those further away share them on a logarithmic scale (Raffel et al. 2020, T5).
 */
final class RelativePositions implements AutoCloseable {
  private static final String TABLE = "attention.rel_attn_embed.weight";
  private static final String FIRST = "encoder.layers.0." + TABLE;
  private static final String LINEAR = "attention.gru_rel_pos_linear";
  private static final String CONSTANT = "attention.gru_rel_pos_const";

  /** Numbers that are added up to each of the two gates. */
  private static final int SUMMED = 4;

  private final Gates gates;
  private final int heads;
  private final int headWidth;
  private final int length;
  private final ConstantTensor pairs;
  private final ConstantTensor two;

  /**
   * @param width d
   * @param length of the sequence
   */
  RelativePositions(Gates gates, int width, int heads, int length) {
    if (gates.buckets() < 4 || gates.farthest() <= gates.buckets() / 4) {
      throw new IllegalArgumentException(
          "num_buckets = %d must be 4 or more, and max_bucket_distance = %d more than a quarter of it"
              .formatted(gates.buckets(), gates.farthest()));
    }
    this.gates = gates;
    this.heads = heads;
    this.headWidth = width / heads;
    this.length = length;
    this.pairs = new ConstantTensor(pairs(gates, length));
    this.two = new ConstantTensor(HostArray.of(new float[] {2}, 1));
  }

  /** The bucket of each pair of places: [length · length], for each place all that it sees. */
  private static HostArray pairs(Gates gates, int length) {
    long[] pairs = new long[length * length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < length; j++) {
        pairs[i * length + j] = bucket(gates, j - i);
      }
    }
    return HostArray.of(pairs, pairs.length);
  }

  private static int bucket(Gates gates, int distance) {
    int half = gates.buckets() / 2;
    int exact = half / 2;
    int size = Math.abs(distance);
    int side = distance > 0 ? half : 0;
    if (size < exact) {
      return side + size;
    }
    // In float, as the public code has it.
    float share =
        (float) Math.log((float) size / exact)
            / (float) Math.log((double) gates.farthest() / exact);
    return side + Math.min(half - 1, (int) (exact + share * (half - exact)));
  }

  void shapes(TensorShapes shapes, int number, String prefix) {
    shapes.array(prefix + CONSTANT, 1, heads, 1, 1);
    shapes.linear(prefix + LINEAR, 2 * SUMMED, headWidth);
    if (number == 0) {
      shapes.array(prefix + TABLE, gates.buckets(), heads);
    }
  }

  /**
   * What a block adds to its attention.
   *
   * @param x what it attends to: [n, length, d]
   * @return [n, heads, length, length]
   */
  <V> V bias(Layers<V> layers, String prefix, V x) {
    V ofPairs =
        layers.reshape(layers.select(layers.parameter(FIRST), 0, pairs), length, length, heads);
    V biases = layers.reshape(layers.permute(ofPairs, 2, 0, 1), 1, heads, length, length);
    V split = layers.permute(layers.reshape(x, -1, length, heads, headWidth), 0, 2, 1, 3);
    V parts = layers.reshape(layers.linear(split, prefix + LINEAR), -1, heads, length, 2, SUMMED);
    V both = layers.activate(layers.scale(layers.mean(parts, 4), SUMMED), Activation.SIGMOID);
    V one = layers.narrow(both, 3, 0, 1);
    V other = layers.narrow(both, 3, 1, 1);
    V weighed = layers.multiply(one, layers.multiply(other, layers.parameter(prefix + CONSTANT)));
    V gate = layers.add(layers.add(weighed, layers.scale(one, -1)), layers.constant(two, weighed));
    return layers.multiply(gate, biases);
  }

  @Override
  public void close() {
    pairs.close();
    two.close();
  }
}
