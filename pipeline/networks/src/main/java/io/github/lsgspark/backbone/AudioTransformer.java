package io.github.lsgspark.backbone;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * The Audio Spectrogram Transformer (Gong et al., Interspeech 2021) with the names of HuggingFace's
 * files: patches of 16 x 16 that overlap by 6, a class and a distillation token, learned positions,
 * normalisation before each part (epsilon 1e-12); the mean of the two tokens, normalised, is the
 * feature vector.
 */
final class AudioTransformer extends ShapedBackbone {
  private static final int PATCH = 16;
  private static final int STRIDE = 10;
  private static final int HEAD_WIDTH = 64;
  private static final int TOKENS = 2;
  private static final int LAST_LAYERS = 4;
  private static final double EPSILON = 1e-12;
  private static final double DEVIATION = 0.02;

  private static final String PREFIX = "audio_spectrogram_transformer.";
  private static final String EMBEDDINGS = PREFIX + "embeddings.";
  private static final String CLASS = EMBEDDINGS + "cls_token";
  private static final String DISTILLATION = EMBEDDINGS + "distillation_token";
  private static final String POSITIONS = EMBEDDINGS + "position_embeddings";
  private static final String PATCHES = EMBEDDINGS + "patch_embeddings.projection";
  private static final String NORM = PREFIX + "layernorm";

  private final int width;
  private final int depth;
  private final int rows;
  private final int columns;

  /**
   * @param width d, a multiple of 64: each head sees 64
   * @param input shape of a view: [1, bands, frames]
   * @throws LsgException exit 2 if there are fewer than 16 bands or frames
   */
  AudioTransformer(int width, int depth, long[] input) {
    if (input[1] < PATCH || input[2] < PATCH) {
      throw LsgException.usage(
          "AST needs views of at least %d bands and %d frames, but audio gives %d x %d"
              .formatted(PATCH, PATCH, input[1], input[2]));
    }
    this.width = width;
    this.depth = depth;
    this.rows = patches(input[1]);
    this.columns = patches(input[2]);
    shapes.parameters.put(CLASS, new long[] {1, 1, width});
    shapes.parameters.put(DISTILLATION, new long[] {1, 1, width});
    shapes.parameters.put(POSITIONS, new long[] {1, TOKENS + (long) rows * columns, width});
    shapes.conv(PATCHES, width, 1, PATCH, true);
    for (int layer = 0; layer < depth; layer++) {
      String name = name(layer);
      for (String part : List.of("query", "key", "value")) {
        shapes.linear(name + ".attention.attention." + part, width, width);
      }
      shapes.linear(name + ".attention.output.dense", width, width);
      shapes.linear(name + ".intermediate.dense", 4 * width, width);
      shapes.linear(name + ".output.dense", width, 4 * width);
      shapes.layerNorm(name + ".layernorm_before", width);
      shapes.layerNorm(name + ".layernorm_after", width);
    }
    shapes.layerNorm(NORM, width);
  }

  private static int patches(long length) {
    return (int) (length - PATCH) / STRIDE + 1;
  }

  private static String name(int layer) {
    return PREFIX + "encoder.layer." + layer;
  }

  @Override
  public int featureDimension() {
    return width;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(
        new Layer("embeddings", List.of("stem"), List.of(CLASS, DISTILLATION, POSITIONS, PATCHES)));
    for (int layer = 0; layer < depth; layer++) {
      layers.add(Layer.of("layer." + layer, name(layer)));
    }
    layers.add(new Layer("layernorm", List.of("top"), List.of(NORM)));
    return layers;
  }

  /** Of every layer, as the last normalisation leaves it. */
  @Override
  public List<LayerOutput> outputs() {
    List<LayerOutput> outputs = new ArrayList<>();
    for (int layer = 0; layer < depth; layer++) {
      outputs.add(new LayerOutput("layer." + layer, LayerOutput.Form.SEQUENCE, width, TOKENS));
    }
    return outputs;
  }

  /** The last four layers. */
  @Override
  public List<String> featureLayers() {
    return IntStream.range(Math.max(0, depth - LAST_LAYERS), depth)
        .mapToObj(layer -> "layer." + layer)
        .toList();
  }

  /**
   * @param images [n, 1, bands, frames]
   */
  @Override
  public <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs) {
    V x = layers.places(layers.convWithBias(images, PATCHES, STRIDE, 0));
    x = layers.prependToken(layers.prependToken(x, DISTILLATION), CLASS);
    x = layers.addParameter(x, POSITIONS);
    for (int layer = 0; layer < depth; layer++) {
      String name = name(layer);
      x = layers.segment(x, input -> block(layers, input, name));
      V output = x;
      outputs.offer("layer." + layer, () -> layers.layerNorm(output, NORM, EPSILON));
    }
    x = layers.layerNorm(x, NORM, EPSILON);
    V both = layers.add(layers.token(x, 0), layers.token(x, 1));
    return layers.vectors(layers.scale(both, 1.0 / TOKENS));
  }

  private <V> V block(Layers<V> layers, V x, String name) {
    V seen = layers.layerNorm(x, name + ".layernorm_before", EPSILON);
    V attended =
        layers.attention(
            layers.linear(seen, name + ".attention.attention.query"),
            layers.linear(seen, name + ".attention.attention.key"),
            layers.linear(seen, name + ".attention.attention.value"),
            width / HEAD_WIDTH);
    V sum = layers.add(x, layers.linear(attended, name + ".attention.output.dense"));
    V hidden = layers.layerNorm(sum, name + ".layernorm_after", EPSILON);
    hidden = layers.gelu(layers.linear(hidden, name + ".intermediate.dense"));
    return layers.add(sum, layers.linear(hidden, name + ".output.dense"));
  }

  /** Matrices, tokens and positions normal with deviation 0.02, biases zero and gains one. */
  @Override
  public HostArray initial(String name, long[] shape, long seed) {
    if (shape.length == 1) {
      return super.initial(name, shape, seed);
    }
    return InitialValues.drawn(name, shape, seed, random -> DEVIATION * random.nextGaussian());
  }

  /** Positions learned for sounds of another length or for other bands. */
  @Override
  public HostArray fitted(String name, HostArray array) {
    return name.equals(POSITIONS) && hasOtherLength(name, array)
        ? SpectrogramPositions.fitted(array, rows, columns)
        : array;
  }

  /** Files of the bare model leave the prefix out. */
  @Override
  public UnaryOperator<String> translator(Iterable<String> names) {
    return name ->
        name.startsWith("embeddings.")
                || name.startsWith("encoder.")
                || name.startsWith("layernorm.")
            ? PREFIX + name
            : name;
  }

  /** Audio spectrogram transformers by their size. */
  public static final class Family implements BackboneFamily {
    @Override
    public List<BackboneKind> kinds() {
      return List.of(Kind.values());
    }
  }

  private enum Kind implements BackboneKind {
    AST_TINY("ast-tiny", 192),
    AST_BASE("ast-base", 768);

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
      return "AST of width " + width + " (Gong et al. 2021), Hugging Face's names";
    }

    @Override
    public Modality modality() {
      return Modality.AUDIO;
    }

    @Override
    public Backbone create(String variant, long[] input) {
      return new AudioTransformer(width, DEPTH, input);
    }
  }
}
