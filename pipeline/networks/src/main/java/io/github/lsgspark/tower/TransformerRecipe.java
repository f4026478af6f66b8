package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.TensorShapes;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * How a vision transformer is built, and how its file names the tensors.
 *
 * @param width d
 * @param depth blocks
 * @param heads of each attention
 * @param patches how images become tokens
 * @param tokens before the patches, the class token first
 * @param positions learned ones; empty: none
 * @param rotary what queries and keys are turned by; empty: nothing
 * @param norms those outside of blocks
 * @param block what each block is
 * @param pool how tokens become a vector
 * @param projection of the vector; empty: none
 */
record TransformerRecipe(
    int width,
    int depth,
    int heads,
    Patches patches,
    List<Token> tokens,
    Optional<Positions> positions,
    Optional<Rotation> rotary,
    Norms norms,
    Block block,
    Pool pool,
    Optional<Projection> projection) {

  /** Checks the heads. */
  TransformerRecipe {
    requireHeads(width, heads);
  }

  /**
   * Checks that heads divide a width.
   *
   * @throws IllegalArgumentException that names both
   */
  static void requireHeads(int width, int heads) {
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "a width of " + width + " cannot be divided among " + heads + " heads of attention");
    }
  }

  /**
   * Patches of an image.
   *
   * @param name of the convolution
   * @param image side of the images that the weights are for; where it is no multiple of a patch,
   *     the rest at the right and below is not seen
   * @param flat whether its weight is a matrix of patches [d, side · side · 3], row by row, each
   *     pixel's channels together
   * @param tubelets how they are cut out of clips; empty: they are of images
   */
  record Patches(
      String name, int side, int image, boolean biased, boolean flat, Optional<Tubelets> tubelets) {

    /** Of images. */
    Patches(String name, int side, int image, boolean biased, boolean flat) {
      this(name, side, image, biased, flat, Optional.empty());
    }

    /** Of clips, by a convolution with a bias. */
    static Patches of(String name, int side, int image, Tubelets tubelets) {
      return new Patches(name, side, image, true, false, Optional.of(tubelets));
    }
  }

  /**
   * Patches that last (Arnab et al. 2021, section 3.2).
   *
   * @param duration frames of each
   * @param frames of the clips that the weights are for
   * @param waves whether sines and cosines of their places are added to them
   * @param fixed whether positions fit clips of these frames and this size alone
   */
  record Tubelets(int duration, int frames, boolean waves, boolean fixed) {}

  /**
   * A learned token.
   *
   * @param count how many stand in one parameter
   * @param flat whether the parameter is [d], not [1, count, d]
   */
  record Token(String name, int count, boolean flat) {
    static Token of(String name) {
      return new Token(name, 1, false);
    }
  }

  /** Makes the rotary positions of a grid. */
  @FunctionalInterface
  interface Rotation {
    Rotary of(Rotary.Grid grid);
  }

  /**
   * Normalisations outside of blocks.
   *
   * @param before the first block; empty: none
   * @param after the last block; empty: none
   */
  record Norms(String before, String after, double epsilon) {}

  /**
   * A block.
   *
   * @param prefix of its names, with %d for its number and a dot behind
   * @param scaleOne factor of the attention for each number (LayerScale); empty: none
   * @param scaleTwo of the feed-forward part
   */
  record Block(
      String prefix,
      String normOne,
      SelfAttention attention,
      String scaleOne,
      String normTwo,
      FeedForward forward,
      String scaleTwo) {
    String prefix(int number) {
      return prefix.formatted(number);
    }

    void shapes(TensorShapes shapes, String prefix, int width) {
      shapes.layerNorm(prefix + normOne, width);
      attention.shapes(shapes, prefix, width);
      scale(shapes, prefix + scaleOne, scaleOne, width);
      shapes.layerNorm(prefix + normTwo, width);
      forward.shapes(shapes, prefix, width);
      scale(shapes, prefix + scaleTwo, scaleTwo, width);
    }

    private static void scale(TensorShapes shapes, String full, String name, int width) {
      if (!name.isEmpty()) {
        shapes.vector(full, width);
      }
    }

    /**
     * What the block makes of tokens.
     *
     * @param x [n, length, d]
     * @param turned what positions make of queries and keys
     */
    <V> V of(Layers<V> layers, String prefix, V x, Form form, UnaryOperator<V> turned) {
      V seen = layers.layerNorm(x, prefix + normOne, form.epsilon());
      SelfAttention.Parts<V> parts = attention.parts(layers, prefix, seen, form.width());
      V attended =
          layers.attention(
              turned.apply(parts.query()), turned.apply(parts.key()), parts.value(), form.heads());
      V left = attention.leave(layers, prefix, attended);
      V middle = layers.add(x, scaled(layers, left, prefix, scaleOne));
      V normed = layers.layerNorm(middle, prefix + normTwo, form.epsilon());
      V forwarded = forward.of(layers, prefix, normed);
      return layers.add(middle, scaled(layers, forwarded, prefix, scaleTwo));
    }

    private static <V> V scaled(Layers<V> layers, V x, String prefix, String name) {
      return name.isEmpty() ? x : layers.multiply(x, layers.parameter(prefix + name));
    }

    /** Its name among the layers, in every family. */
    static String layer(int number) {
      return "blocks." + number;
    }
  }

  /**
   * What blocks of a transformer have in common beside their names.
   *
   * @param width d
   * @param epsilon of the normalisations
   */
  record Form(int width, int heads, double epsilon) {
    /** Checks the heads. */
    Form {
      requireHeads(width, heads);
    }
  }

  /** The form of its blocks. */
  Form form() {
    return new Form(width, heads, norms.epsilon());
  }

  /** A matrix behind the pooling. */
  record Projection(String name, int width, boolean biased) {}

  /** Tokens that stand for the whole image; registers are behind them. */
  int classTokens() {
    return tokens.isEmpty() ? 0 : tokens.get(0).count();
  }

  /** Tokens before the patches. */
  int prefix() {
    return tokens.stream().mapToInt(Token::count).sum();
  }
}
