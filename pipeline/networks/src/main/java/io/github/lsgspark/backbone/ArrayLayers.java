package io.github.lsgspark.backbone;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.torch.ConstantTensor;
import java.util.function.UnaryOperator;

/**
 * The operations on arrays that networks compose their layers of, where {@link Layers} has none for
 * the whole.
 *
 * @param <V> what stands for a tensor
 */
public interface ArrayLayers<V> {

  /** A parameter as it is. */
  V parameter(String name);

  /**
   * Numbers that are not learned.
   *
   * @param like is on the device where they are wanted
   */
  V constant(ConstantTensor values, V like);

  /** A linear layer over the last dimension: x Wᵀ, plus b where it has one. */
  V linear(V x, String name, boolean biased);

  /** x Wᵀ + b over the last dimension, by tensors that are no linear layer's as they are. */
  V linear(V x, V weight, V bias);

  /**
   * A part of the network whose inner results may be forgotten, and computed again for gradients.
   * It has no batch normalisation, whose statistics would move twice.
   */
  V segment(V x, UnaryOperator<V> part);

  /** The product number by number; dimensions of length 1 are repeated. */
  V multiply(V a, V b);

  /** The function of each number. */
  V activate(V x, Activation function);

  /** A convolution of a map by {@code name.weight} and, if it has one, {@code name.bias}. */
  V conv(V x, String name, Convolution form);

  /**
   * A convolution of a map by tensors as they are.
   *
   * @param weight [out, in / groups, height, width]
   * @param bias null: none
   * @param stride down and to the right
   * @param padding with zeros above and below, left and right
   */
  V conv(V x, V weight, V bias, int[] stride, int[] padding, int groups);

  /** Normalisation of each channel of a map by itself, over its places, with gain and bias. */
  V channelNorm(V x, String name, int channels, double epsilon);

  /** Normalisation over the last dimension, of this width, without gain and bias. */
  V plainNorm(V x, int width, double epsilon);

  /**
   * Weights by their directions (Salimans and Kingma 2016): gain · direction / |direction|, with
   * the Euclidean norm over the first two dimensions.
   *
   * @param direction [out, in, k]
   * @param gain [1, 1, k]
   */
  V weightNorm(V direction, V gain);

  /**
   * A map in another size, by cubic convolution with a = -3/4 of four places each way; the places
   * at the corners stay what they are.
   */
  V stretched(V x, int rows, int columns);

  /**
   * Which places stand for more than padding: 1, or 0 where a place's last sample is zero and all
   * behind it are.
   *
   * @param samples [n, 1, 1, length]
   * @param ends the last sample of each place
   * @return [n, places, 1]
   */
  V sounding(V samples, ConstantTensor ends);

  /**
   * Sequences whose places of padding hold the mean of the others, so that neither mean nor largest
   * value over a sequence sees them.
   *
   * @param x [n, length, d]
   * @param sounding 1 or 0 for each place: [n, length, 1]
   */
  V withoutPadding(V x, V sounding);

  /** Part of a dimension. */
  V narrow(V x, int dimension, int from, int length);

  /** The elements of a dimension at places, in their order. */
  V select(V x, int dimension, ConstantTensor places);

  /** The same numbers in another shape; -1 once for what is left. */
  V reshape(V x, int... shape);

  /** Dimensions in another order. */
  V permute(V x, int... order);

  /** Both behind one another along a dimension; the first is repeated over the second's batch. */
  V prepend(V tokens, V x);

  /** Zeros below and to the right of a map [n, height, width, channels]. */
  V padPlaces(V x, int rows, int columns);

  /** Places of a map [n, height, width, channels] moved up and left, around the edges. */
  V rollPlaces(V x, int rows, int columns);

  /**
   * Multi-head attention softmax(QKᵀ/√(d/heads) + bias) V.
   *
   * @param query [n, length, d]
   * @param key [n, other length, d], as is value
   * @param bias broadcasts to [n, heads, length, other length]
   */
  V attention(V query, V key, V value, int heads, V bias);

  /**
   * Positions turned into queries or keys: each head's numbers times cosines, plus the numbers that
   * stand in other places times sines. In float, whatever x is.
   *
   * @param x [n, length, d]
   * @param cosines [length, d], as are sines, with their signs
   * @param places which of the d numbers each is mixed with [d]
   */
  V rotate(V x, ConstantTensor cosines, ConstantTensor sines, ConstantTensor places);

  /**
   * Global response normalisation (Woo et al. 2023): x + bias + weight · x · nx, where nx is each
   * channel's Euclidean norm over all places by the mean of these norms.
   *
   * @param x [n, height, width, channels]
   */
  V responseNorm(V x, V weight, V bias);
}
