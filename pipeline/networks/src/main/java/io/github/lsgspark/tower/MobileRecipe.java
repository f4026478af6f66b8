package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;
import java.util.ArrayList;
import java.util.List;

/**
 * How a network of inverted residuals is built (Sandler et al. 2018), in timm's names.
 *
 * @param stem channels of the first convolution
 * @param stages blocks of each stage
 * @param function of the stem and of the last convolution
 * @param gate of squeeze and excitation
 * @param width of the last convolution
 * @param pooledFirst whether it comes behind the pooling, and then has a bias for a normalisation
 */
record MobileRecipe(
    int stem,
    List<List<Block>> stages,
    Activation function,
    Activation gate,
    int width,
    boolean pooledFirst) {
  private static final int DIVISOR = 8;
  private static final double LEAST_SHARE = 0.9;

  /** What a block consists of. */
  enum Kind {
    /** A convolution of each channel, and one of single places. */
    SEPARABLE,
    /** The same, on more channels than come in and go out. */
    INVERTED,
    /** A convolution of single places. */
    POINTWISE
  }

  /**
   * A block.
   *
   * @param in channels
   * @param wide channels of the convolution of each channel
   * @param squeezed channels of squeeze and excitation (Hu et al. 2018); 0: none
   * @param function inside
   * @param inside function of squeeze and excitation
   */
  record Block(
      Kind kind,
      int kernel,
      int stride,
      int in,
      int wide,
      int out,
      int squeezed,
      Activation function,
      Activation inside) {
    boolean isResidual() {
      return kind != Kind.POINTWISE && stride == 1 && in == out;
    }
  }

  /**
   * Blocks that are alike, before channels and repeats are multiplied.
   *
   * @param stride of the first one
   * @param growth of the channels inside
   */
  record Blocks(
      Kind kind,
      int repeats,
      int kernel,
      int stride,
      double growth,
      int channels,
      boolean squeezes,
      Activation function) {}

  /** Channels of squeeze and excitation. */
  @FunctionalInterface
  interface Squeeze {
    int of(int in, int wide);
  }

  /** Channels as multiples of 8, and no more than a tenth below what is asked for. */
  static int rounded(double channels) {
    int near = Math.max(DIVISOR, (int) (channels + DIVISOR / 2.0) / DIVISOR * DIVISOR);
    return near < LEAST_SHARE * channels ? near + DIVISOR : near;
  }

  /**
   * Stages with channels and repeats multiplied.
   *
   * @param stem channels that come in
   * @param inside function of squeeze and excitation; null: the block's
   */
  static List<List<Block>> stages(
      List<List<Blocks>> plan,
      int stem,
      double wider,
      double deeper,
      Squeeze squeeze,
      Activation inside) {
    List<List<Block>> stages = new ArrayList<>();
    int in = stem;
    for (List<Blocks> parts : plan) {
      int[] repeats = repeats(parts, deeper);
      List<Block> stage = new ArrayList<>();
      for (int part = 0; part < repeats.length; part++) {
        Blocks own = parts.get(part);
        int out = rounded(own.channels() * wider);
        for (int i = 0; i < repeats[part]; i++) {
          int wide = own.kind() == Kind.INVERTED ? rounded(in * own.growth()) : in;
          stage.add(
              new Block(
                  own.kind(),
                  own.kernel(),
                  i == 0 ? own.stride() : 1,
                  in,
                  wide,
                  out,
                  own.squeezes() ? squeeze.of(in, wide) : 0,
                  own.function(),
                  inside == null ? own.function() : inside));
          in = out;
        }
      }
      stages.add(stage);
    }
    return stages;
  }

  /** A stage's repeats together are rounded up, and shared out from the last part to the first. */
  private static int[] repeats(List<Blocks> parts, double deeper) {
    int left = parts.stream().mapToInt(Blocks::repeats).sum();
    int wanted = (int) Math.ceil(left * deeper);
    int[] repeats = new int[parts.size()];
    for (int i = repeats.length - 1; i >= 0; i--) {
      int own = parts.get(i).repeats();
      repeats[i] = Math.max(1, (int) Math.rint((double) own / left * wanted));
      left -= own;
      wanted -= repeats[i];
    }
    return repeats;
  }
}
