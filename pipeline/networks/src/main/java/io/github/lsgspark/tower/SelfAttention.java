package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;

/** The names of a self-attention's tensors: queries, keys and values, and the way out. */
sealed interface SelfAttention {
  String out();

  void shapes(TensorShapes shapes, String block, int width);

  /** Queries, keys and values, each [n, length, d]. */
  <V> Parts<V> parts(Layers<V> layers, String block, V x, int width);

  /** What attends to what. */
  record Parts<V>(V query, V key, V value) {}

  /**
   * One matrix for all three, in this order.
   *
   * @param biased whether it has a bias
   * @param queryBias a bias of the queries alone, as {@code valueBias} of the values; empty: none
   */
  record Packed(String all, boolean biased, String queryBias, String valueBias, String out)
      implements SelfAttention {

    /** With one bias for all. */
    static Packed of(String all, String out) {
      return new Packed(all, true, "", "", out);
    }

    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.matrix(block + all, 3 * width, width, biased);
      if (!queryBias.isEmpty()) {
        shapes.vector(block + queryBias, width);
        shapes.vector(block + valueBias, width);
      }
      shapes.linear(block + out, width, width);
    }

    @Override
    public <V> Parts<V> parts(Layers<V> layers, String block, V x, int width) {
      V three = layers.linear(x, block + all, biased);
      V query = layers.narrow(three, 2, 0, width);
      V value = layers.narrow(three, 2, 2 * width, width);
      if (!queryBias.isEmpty()) {
        query = layers.addParameter(query, block + queryBias);
        value = layers.addParameter(value, block + valueBias);
      }
      return new Parts<>(query, layers.narrow(three, 2, width, width), value);
    }
  }

  /** A matrix for each. */
  record Separate(
      String query,
      String key,
      String value,
      String out,
      boolean queryBiased,
      boolean keyBiased,
      boolean valueBiased,
      boolean outBiased)
      implements SelfAttention {

    /** With all biases. */
    static Separate of(String query, String key, String value, String out) {
      return new Separate(query, key, value, out, true, true, true, true);
    }

    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.matrix(block + query, width, width, queryBiased);
      shapes.matrix(block + key, width, width, keyBiased);
      shapes.matrix(block + value, width, width, valueBiased);
      shapes.matrix(block + out, width, width, outBiased);
    }

    @Override
    public <V> Parts<V> parts(Layers<V> layers, String block, V x, int width) {
      return new Parts<>(
          layers.linear(x, block + query, queryBiased),
          layers.linear(x, block + key, keyBiased),
          layers.linear(x, block + value, valueBiased));
    }
  }

  /** A matrix for each; queries and values have biases under names of their own. */
  record BiasesApart(
      String query, String key, String value, String out, String queryBias, String valueBias)
      implements SelfAttention {
    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.vector(block + queryBias, width);
      shapes.vector(block + valueBias, width);
      shapes.matrix(block + query, width, width, false);
      shapes.matrix(block + key, width, width, false);
      shapes.matrix(block + value, width, width, false);
      shapes.linear(block + out, width, width);
    }

    @Override
    public <V> Parts<V> parts(Layers<V> layers, String block, V x, int width) {
      return new Parts<>(
          layers.addParameter(layers.linear(x, block + query, false), block + queryBias),
          layers.linear(x, block + key, false),
          layers.addParameter(layers.linear(x, block + value, false), block + valueBias));
    }
  }

  /** Whether the way out has a bias. */
  default boolean outBiased() {
    return true;
  }

  /** The way out. */
  default <V> V leave(Layers<V> layers, String block, V x) {
    return layers.linear(x, block + out(), outBiased());
  }
}
