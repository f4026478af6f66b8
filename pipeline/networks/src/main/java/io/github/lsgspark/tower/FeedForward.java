package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import io.github.lsgspark.torch.Activation;

/** The part of a transformer block that sees each token by itself. */
sealed interface FeedForward {

  void shapes(TensorShapes shapes, String block, int width);

  <V> V of(Layers<V> layers, String block, V x);

  /** Up, a function, down. */
  record Plain(String up, String down, int hidden, Activation function) implements FeedForward {
    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.linear(block + up, hidden, width);
      shapes.linear(block + down, width, hidden);
    }

    @Override
    public <V> V of(Layers<V> layers, String block, V x) {
      V wide = layers.activate(layers.linear(x, block + up), function);
      return layers.linear(wide, block + down);
    }
  }

  /**
   * Gate and values by one matrix, the gate in front (Shazeer 2020).
   *
   * @param hidden width of the values
   */
  record Packed(String in, String out, int hidden, Activation function) implements FeedForward {
    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.linear(block + in, 2 * hidden, width);
      shapes.linear(block + out, width, hidden);
    }

    @Override
    public <V> V of(Layers<V> layers, String block, V x) {
      V both = layers.linear(x, block + in);
      V gate = layers.activate(layers.narrow(both, 2, 0, hidden), function);
      V values = layers.narrow(both, 2, hidden, hidden);
      return layers.linear(layers.multiply(gate, values), block + out);
    }
  }

  /**
   * Gate and values by a matrix each.
   *
   * @param norm of their product, before the way down; empty: none
   */
  record Gated(
      String gate,
      String up,
      String down,
      int hidden,
      Activation function,
      String norm,
      double epsilon)
      implements FeedForward {
    @Override
    public void shapes(TensorShapes shapes, String block, int width) {
      shapes.linear(block + gate, hidden, width);
      shapes.linear(block + up, hidden, width);
      if (!norm.isEmpty()) {
        shapes.layerNorm(block + norm, hidden);
      }
      shapes.linear(block + down, width, hidden);
    }

    @Override
    public <V> V of(Layers<V> layers, String block, V x) {
      V open = layers.activate(layers.linear(x, block + gate), function);
      V wide = layers.multiply(open, layers.linear(x, block + up));
      V normed = norm.isEmpty() ? wide : layers.layerNorm(wide, block + norm, epsilon);
      return layers.linear(normed, block + down);
    }
  }
}
