package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;

/** How a transformer's tokens become one vector. */
sealed interface Pool permits Pool.Token, Pool.Mean, Pool.Attention, AttentivePooler {

  default void shapes(TensorShapes shapes, int width) {}

  /** Whether it learned where to look: then its vector says more than means of blocks. */
  default boolean attends() {
    return false;
  }

  /**
   * Pools.
   *
   * @param x [n, length, d]
   * @param prefix tokens before the patches
   * @return [n, d]
   */
  <V> V of(Layers<V> layers, V x, int prefix);

  /** The class token. */
  record Token() implements Pool {
    @Override
    public <V> V of(Layers<V> layers, V x, int prefix) {
      return layers.firstToken(x);
    }
  }

  /**
   * The mean of the patches, then a normalisation.
   *
   * @param norm its name; empty: none
   */
  record Mean(String norm, double epsilon) implements Pool {
    @Override
    public void shapes(TensorShapes shapes, int width) {
      if (!norm.isEmpty()) {
        shapes.layerNorm(norm, width);
      }
    }

    @Override
    public <V> V of(Layers<V> layers, V x, int prefix) {
      V mean = layers.mean(layers.withoutFirst(x, prefix), 1);
      return norm.isEmpty() ? mean : layers.layerNorm(mean, norm, epsilon);
    }
  }

  /**
   * Attention of one learned query to all tokens, then a block's second half (Zhai et al. 2022).
   *
   * @param prefix of its names, with a dot
   * @param query the learned one, [1, 1, d]
   * @param packed one matrix of queries, keys and values ({@code in_proj}), as PyTorch has it;
   *     otherwise {@code q} and {@code kv}
   * @param width d
   */
  record Attention(
      String prefix,
      String query,
      boolean packed,
      String out,
      String norm,
      FeedForward forward,
      int width,
      int heads,
      double epsilon)
      implements Pool {

    @Override
    public boolean attends() {
      return true;
    }

    /** Checks the heads. */
    public Attention {
      TransformerRecipe.requireHeads(width, heads);
    }

    /** As transformers names SigLIP's. */
    static Attention siglip(
        String prefix, int width, int heads, int hidden, Activation function, double epsilon) {
      FeedForward forward = new FeedForward.Plain("mlp.fc1", "mlp.fc2", hidden, function);
      return new Attention(
          prefix, "probe", true, "attention.out_proj", "layernorm", forward, width, heads, epsilon);
    }

    /** As timm names its own. */
    static Attention timm(int width, int heads, int hidden, Activation function, double epsilon) {
      FeedForward forward = new FeedForward.Plain("mlp.fc1", "mlp.fc2", hidden, function);
      return new Attention(
          "attn_pool.", "latent", false, "proj", "norm", forward, width, heads, epsilon);
    }

    @Override
    public void shapes(TensorShapes shapes, int d) {
      shapes.array(prefix + query, 1, 1, width);
      if (packed) {
        shapes.array(prefix + "attention.in_proj_weight", 3L * width, width);
        shapes.vector(prefix + "attention.in_proj_bias", 3 * width);
      } else {
        shapes.linear(prefix + "q", width, width);
        shapes.linear(prefix + "kv", 2 * width, width);
      }
      shapes.linear(prefix + out, width, width);
      shapes.layerNorm(prefix + norm, width);
      forward.shapes(shapes, prefix, width);
    }

    @Override
    public <V> V of(Layers<V> layers, V x, int tokens) {
      V probe = layers.parameter(prefix + query);
      // The query is the same for all images: one is put before each, and the rest taken off.
      V asking = layers.narrow(layers.prepend(probe, x), 1, 0, 1);
      V attended = packed ? packed(layers, asking, x) : apart(layers, asking, x);
      V pooled = layers.linear(attended, prefix + out);
      V normed = layers.layerNorm(pooled, prefix + norm, epsilon);
      return layers.firstToken(layers.add(pooled, forward.of(layers, prefix, normed)));
    }

    private <V> V packed(Layers<V> layers, V asking, V x) {
      V weight = layers.parameter(prefix + "attention.in_proj_weight");
      V bias = layers.parameter(prefix + "attention.in_proj_bias");
      V one =
          layers.linear(
              asking, layers.narrow(weight, 0, 0, width), layers.narrow(bias, 0, 0, width));
      V two =
          layers.linear(
              x,
              layers.narrow(weight, 0, width, 2 * width),
              layers.narrow(bias, 0, width, 2 * width));
      return attended(layers, one, two);
    }

    private <V> V apart(Layers<V> layers, V asking, V x) {
      V two = layers.linear(x, prefix + "kv");
      return attended(layers, layers.linear(asking, prefix + "q"), two);
    }

    private <V> V attended(Layers<V> layers, V query, V both) {
      return layers.attention(
          query, layers.narrow(both, 2, 0, width), layers.narrow(both, 2, width, width), heads);
    }
  }
}
