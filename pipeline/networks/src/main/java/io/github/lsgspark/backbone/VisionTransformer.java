package io.github.lsgspark.backbone;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Vision transformers of patch size 16 (Dosovitskiy et al. 2021, Touvron et al. 2021) with timm's
 * names: learned positions, normalisation before each part (epsilon 1e-6), GELU by the error
 * function; the class token, normalised, is the feature vector.
 */
final class VisionTransformer extends ShapedBackbone {
  private static final int PATCH = 16;
  private static final int HEAD_WIDTH = 64;
  private static final int LAST_BLOCKS = 4;
  private static final double EPSILON = 1e-6;
  private static final double DEVIATION = 0.02;
  private static final double TINY = 1e-6;
  private static final String POSITIONS = "pos_embed";

  private final int width;
  private final int depth;
  private final int rows;
  private final int columns;

  /**
   * @param width d, a multiple of 64: each head sees 64
   * @param height of the images in pixels, a multiple of 16
   * @param imageWidth likewise
   */
  VisionTransformer(int width, int depth, int height, int imageWidth) {
    if (height % PATCH != 0 || imageWidth % PATCH != 0) {
      throw LsgException.usage(
          "both sides of what a vision transformer sees must be multiples of %d (train.image-size, or audio.mel.bands and the frames of audio.seconds), but were: %d x %d"
              .formatted(PATCH, height, imageWidth));
    }
    this.width = width;
    this.depth = depth;
    this.rows = height / PATCH;
    this.columns = imageWidth / PATCH;
    shapes.parameters.put("cls_token", new long[] {1, 1, width});
    shapes.parameters.put(POSITIONS, new long[] {1, 1 + (long) rows * columns, width});
    shapes.conv("patch_embed.proj", width, 3, PATCH, true);
    for (int block = 0; block < depth; block++) {
      String name = "blocks." + block;
      shapes.layerNorm(name + ".norm1", width);
      shapes.linear(name + ".attn.qkv", 3 * width, width);
      shapes.linear(name + ".attn.proj", width, width);
      shapes.layerNorm(name + ".norm2", width);
      shapes.linear(name + ".mlp.fc1", 4 * width, width);
      shapes.linear(name + ".mlp.fc2", width, 4 * width);
    }
    shapes.layerNorm("norm", width);
  }

  @Override
  public int featureDimension() {
    return width;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(
        new Layer("patch_embed", List.of("stem"), List.of("patch_embed", "cls_token", POSITIONS)));
    for (int block = 0; block < depth; block++) {
      layers.add(Layer.of("blocks." + block, "blocks." + block));
    }
    layers.add(new Layer("norm", List.of("top"), List.of("norm")));
    return layers;
  }

  /** Of every block, as the last normalisation leaves it. */
  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int block = 0; block < depth; block++) {
      outputs.add(new LayerOutput("blocks." + block, LayerOutput.Form.SEQUENCE, width, 1));
    }
    return outputs;
  }

  /** The last four blocks. */
  @Override
  public List<String> featureLayers() {
    return IntStream.range(Math.max(0, depth - LAST_BLOCKS), depth)
        .mapToObj(block -> "blocks." + block)
        .toList();
  }

  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.places(layers.convWithBias(images, "patch_embed.proj", PATCH, 0));
    x = layers.addParameter(layers.prependToken(x, "cls_token"), POSITIONS);
    for (int block = 0; block < depth; block++) {
      String name = "blocks." + block;
      x = layers.segment(x, input -> block(layers, input, name));
      V output = x;
      outputs.offer(name, () -> layers.layerNorm(output, "norm", EPSILON));
    }
    return layers.vectors(layers.firstToken(layers.layerNorm(x, "norm", EPSILON)));
  }

  private <V> V block(Layers<V> layers, V x, String name) {
    V seen = layers.linear(layers.layerNorm(x, name + ".norm1", EPSILON), name + ".attn.qkv");
    V attended = layers.attention(seen, width / HEAD_WIDTH);
    V sum = layers.add(x, layers.linear(attended, name + ".attn.proj"));
    V hidden = layers.linear(layers.layerNorm(sum, name + ".norm2", EPSILON), name + ".mlp.fc1");
    return layers.add(sum, layers.linear(layers.gelu(hidden), name + ".mlp.fc2"));
  }

  /**
   * timm's rule: matrices and positions normal with deviation 0.02, kept within ±2 (so hardly ever
   * cut); the class token next to zero; the patches' kernel uniform in ±1/sqrt(inputs); biases zero
   * and gains one.
   */
  @Override
  public HostArray initial(String name, long[] shape, long seed) {
    if (shape.length == 1) {
      return super.initial(name, shape, seed);
    }
    if (shape.length == 4) {
      double bound = 1 / Math.sqrt((double) InitialValues.size(shape) / shape[0]);
      return InitialValues.drawn(
          name, shape, seed, random -> (2 * random.nextDouble() - 1) * bound);
    }
    double deviation = name.equals("cls_token") ? TINY : DEVIATION;
    return InitialValues.drawn(name, shape, seed, random -> random.nextGaussian() * deviation);
  }

  /** Positions learned for pictures of another size are resampled. */
  @Override
  public HostArray fitted(String name, HostArray array) {
    return name.equals(POSITIONS) && hasOtherLength(name, array)
        ? PositionGrid.resampled(array, 1, rows, columns, Resampling.BICUBIC_ANTIALIAS)
        : array;
  }

  /** Vision transformers by their size. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    VIT_TINY("vit-tiny", 192),
    VIT_SMALL("vit-small", 384),
    VIT_BASE("vit-base", 768);

    private static final int DEPTH = 12;

    private final String label;
    private final int width;

    Kind(String label, int width) {
      this.label = label;
      this.width = width;
    }

    @Override
    public String label() {
      return label;
    }

    @Override
    public String help() {
      return "ViT with patches of 16 pixels, width "
          + width
          + " (Dosovitskiy et al. 2021), timm's names";
    }

    @Override
    public void check(TrainSettings train) {
      if (train.imageSize() % PATCH != 0) {
        throw new IllegalArgumentException(
            "train: image-size must be a multiple of 16 for vision transformers, but was: "
                + train.imageSize());
      }
    }

    @Override
    public Normalization normalization(String variant) {
      return Normalization.INCEPTION;
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new VisionTransformer(
          width, DEPTH, (int) input[input.length - 2], (int) input[input.length - 1]);
    }
  }
}
