package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;

/**
 * How a TimeSformer is built.
 *
 * @param width d
 * @param depth blocks
 * @param heads of each attention
 * @param hidden width of the feed-forward parts
 * @param patch side of the patches in pixels
 * @param biased whether queries, keys and values have biases
 */
record TimesformerRecipe(
    int width,
    int depth,
    int heads,
    int hidden,
    int patch,
    boolean biased,
    Activation function,
    double epsilon) {

  /** Checks the heads. */
  TimesformerRecipe {
    TransformerRecipe.requireHeads(width, heads);
  }
}
