package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.ScriptModule;

/**
 * The operations that networks are made of. A network is written once against this interface; an
 * interpreter computes it ({@link TensorLayers}) or writes it down as TorchScript ({@link
 * ScriptLayers}). Parameters are named by the prefix under which the public state dict holds them:
 * {@code name.weight}, {@code name.bias} and so on.
 *
 * @param <V> what stands for a tensor. Maps are [n, channels, height, width], those over time [n,
 *     channels, time, height, width], sequences [n, length, d], vectors [n, d]
 */
public interface Layers<V> extends ArrayLayers<V> {

  /**
   * The same interpreter, which finds every parameter under a prefix.
   *
   * @param prefix before all names, as in "second."
   */
  Layers<V> within(String prefix);

  /** Convolution of a map without bias. */
  default V conv(V x, String name, int stride, int padding) {
    return conv(x, name, new Convolution(stride, padding, 1, false));
  }

  /** Convolution of a map with bias. */
  default V convWithBias(V x, String name, int stride, int padding) {
    return conv(x, name, new Convolution(stride, padding, 1, true));
  }

  /**
   * Convolution of a map over time without bias.
   *
   * @param stride over time, height and width
   * @param padding likewise
   */
  V conv3d(V x, String name, int[] stride, int[] padding);

  /** Batch normalisation of a map or of vectors. */
  V batchNorm(V x, String name);

  /** Normalisation over the last dimension. */
  V layerNorm(V x, String name, double epsilon);

  /** x Wᵀ + b over the last dimension. */
  default V linear(V x, String name) {
    return linear(x, name, true);
  }

  V relu(V x);

  /** x Φ(x), by the error function. */
  V gelu(V x);

  V add(V a, V b);

  V scale(V x, double factor);

  /** x plus a parameter that broadcasts to it. */
  V addParameter(V x, String name);

  /**
   * Max pooling of a map with a square window.
   *
   * @param ceil whether a last, partial window counts
   */
  V maxPool(V x, int window, int stride, int padding, boolean ceil);

  /** Mean over height and width: a map to vectors, in float. */
  V globalAveragePool(V x);

  /**
   * Means over squares of a map that do not overlap.
   *
   * @param window their side; a partial one at an end does not count
   */
  V averagePool(V x, int window);

  /** Two dimensions exchanged, counted from 0. */
  V transpose(V x, int first, int second);

  /** Mean over a dimension, which goes away. */
  V mean(V x, int dimension);

  /** Largest values over a dimension, which goes away. */
  V largest(V x, int dimension);

  /** Mean over time, height and width: a map over time to vectors, in float. */
  V globalAveragePool3d(V x);

  /** Clips [n, 3, T, height, width] as the images [n T, 3, height, width] that they consist of. */
  V framesAsImages(V clips);

  /**
   * Mean over the frames of each clip.
   *
   * @param vectors [n T, d]
   * @param frames T
   * @return [n, d]
   */
  V meanOverFrames(V vectors, int frames);

  /**
   * Mean over the frames of each clip, a frame's weight the softmax over frames of its largest
   * product with a row of a parameter [m, d].
   *
   * @param vectors [n T, d]
   * @param frames T
   * @param rows name of the parameter
   * @param temperature what products are divided by
   * @return [n, d]
   */
  V attendedOverFrames(V vectors, int frames, String rows, double temperature);

  /** Two maps behind one another along the channels. */
  V catChannels(V a, V b);

  /** A map with channels of zeros: {@code front} before its own, {@code back} behind. */
  V padChannels(V x, int front, int back);

  /** Every {@code step}-th row and column of a map. */
  V subsample(V x, int step);

  /** A map as a sequence of its places, row by row: [n, d, h, w] to [n, h·w, d]. */
  V places(V x);

  /** A sequence with a parameter [1, 1, d] before its first element. */
  V prependToken(V x, String name);

  /** The first element of each sequence. */
  default V firstToken(V x) {
    return token(x, 0);
  }

  /** An element of each sequence. */
  V token(V x, int index);

  /** Each sequence without its first elements. */
  V withoutFirst(V x, int count);

  /**
   * The square root of each number's size, with the number's sign. Near 0, where the root is
   * steeper than any training bears, a straight line: x / 1e-3 for sizes up to 1e-6.
   */
  V signedRoot(V x);

  /** Each vector divided by its Euclidean norm. */
  V unitNorm(V x);

  /**
   * Multi-head self-attention softmax(QKᵀ/√(d/heads)) V.
   *
   * @param queryKeyValue [n, length, 3d]: Q, K and V side by side
   * @return [n, length, d]
   */
  V attention(V queryKeyValue, int heads);

  /** The same with Q, K and V apart: each [n, length, d]. */
  V attention(V query, V key, V value, int heads);

  /** Vectors as they leave a network: in float, whatever it was computed in. */
  V vectors(V x);

  /** What a module of the user's makes of images: vectors or maps. */
  V module(V images, ScriptModule module);
}
