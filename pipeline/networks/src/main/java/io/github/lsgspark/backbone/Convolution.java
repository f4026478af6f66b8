package io.github.lsgspark.backbone;

/**
 * How a convolution of maps goes over its input.
 *
 * @param stride over height and width
 * @param padding with zeros on each side
 * @param groups of channels that do not see each other
 * @param biased whether it has a bias
 */
public record Convolution(int stride, int padding, int groups, boolean biased) {

  /** Squares that touch and do not overlap. */
  public static Convolution patches(int side, boolean biased) {
    return new Convolution(side, 0, 1, biased);
  }

  /** Of single places. */
  public static Convolution pointwise(boolean biased) {
    return new Convolution(1, 0, 1, biased);
  }

  /** Each channel by itself. */
  public static Convolution depthwise(int channels, int stride, int padding, boolean biased) {
    return new Convolution(stride, padding, channels, biased);
  }
}
