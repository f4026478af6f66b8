package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.torch.Activation;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * What a text's vector goes through to be compared with images or sounds.
 *
 * @param layers one behind the other
 * @param between functions between them, one less
 */
record Projection(List<Dense> layers, List<Activation> between) {

  static Projection of(Dense layer) {
    return new Projection(List.of(layer), List.of());
  }

  /** This, a function, and one more layer. */
  Projection then(Activation function, Dense layer) {
    List<Dense> more = new ArrayList<>(layers);
    more.add(layer);
    List<Activation> functions = new ArrayList<>(between);
    functions.add(function);
    return new Projection(List.copyOf(more), List.copyOf(functions));
  }

  /** [n, D] to [n, projected]. */
  Tensor apply(Tensor pooled) {
    Tensor x = layers.get(0).apply(pooled);
    for (int i = 0; i < between.size(); i++) {
      x = layers.get(i + 1).apply(between.get(i).of(x));
    }
    return x;
  }
}
