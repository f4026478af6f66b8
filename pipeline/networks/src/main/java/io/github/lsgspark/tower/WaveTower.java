package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.tower.WaveRecipe.Filters;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Networks over samples, of the kind of wav2vec 2.0 (Baevski et al. 2020). The vector is the mean
 * over time.
 *
 * <p>Where each of its convolutions is normalised by itself, zeros at the end of a view are
 * padding, and no place hears them. Where the first one is normalised over time, a sound's vectors
 * depend on its padding anyhow: there zeros are samples like others.
 */
final class WaveTower extends SoundEncoder {
  private static final String FILTERS = "feature_extractor.conv_layers.";
  private static final String PROJECTION = "feature_projection.";
  private static final double EPSILON = 1e-5;

  private final WaveRecipe recipe;
  private final int length;
  private final ConstantTensor ends;
  private final RelativePositions relative;

  /**
   * @param samples of a view
   */
  WaveTower(WaveRecipe recipe, int samples) {
    super(recipe.stack(), WaveTower::isOther);
    this.recipe = recipe;
    this.length = Math.max(1, recipe.filters().frames(samples));
    this.ends = new ConstantTensor(recipe.filters().ends(length));
    this.relative =
        recipe
            .gates()
            .map(gates -> new RelativePositions(gates, stack.width(), stack.heads(), length))
            .orElse(null);
    Filters filters = recipe.filters();
    int in = 1;
    for (int i = 0; i < filters.channels().length; i++) {
      int out = filters.channels()[i];
      shapes.array(FILTERS + i + ".conv.weight", out, in, filters.kernels()[i]);
      if (filters.biased()) {
        shapes.vector(FILTERS + i + ".conv.bias", out);
      }
      if (filters.normsEach() || i == 0) {
        shapes.layerNorm(FILTERS + i + ".layer_norm", out);
      }
      in = out;
    }
    if (recipe.normsProjection()) {
      shapes.layerNorm(PROJECTION + "layer_norm", in);
    }
    shapes.linear(PROJECTION + "projection", stack.width(), in);
    recipe.positions().shapes(shapes);
    listBlocks();
  }

  /** What stands for masked parts in training, what they were compared with, and other heads. */
  private static boolean isOther(String name) {
    return name.equals("masked_spec_embed")
        || Stream.of(
                "quantizer.",
                "project_hid.",
                "project_q.",
                "lm_head.",
                "projector.",
                "classifier.",
                "layer_weights",
                "tdnn.",
                "feature_extractor.objective.",
                "objective.")
            .anyMatch(name::startsWith)
        || name.endsWith(".num_batches_tracked");
  }

  @Override
  void listExtras(int number, String prefix) {
    if (relative != null) {
      relative.shapes(shapes, number, prefix);
    }
  }

  @Override
  <V> V sounding(Layers<V> layers, V view) {
    return recipe.filters().normsEach() ? layers.sounding(view, ends) : null;
  }

  @Override
  int length() {
    return length;
  }

  @Override
  <V> V sequence(Layers<V> layers, V view, V sounding, BiConsumer<String, V> see) {
    V x = layers.places(filtered(layers, view, see));
    V normed =
        recipe.normsProjection()
            ? layers.layerNorm(x, PROJECTION + "layer_norm", stack.epsilon())
            : x;
    V made = layers.linear(normed, PROJECTION + "projection");
    V projected = sounding == null ? made : layers.multiply(made, sounding);
    V positions = recipe.positions().of(layers, projected, length);
    see.accept("pos_conv_embed", positions);
    return layers.add(projected, positions);
  }

  private <V> V filtered(Layers<V> layers, V view, BiConsumer<String, V> see) {
    Filters filters = recipe.filters();
    V x = view;
    int in = 1;
    for (int i = 0; i < filters.channels().length; i++) {
      String name = FILTERS + i;
      int out = filters.channels()[i];
      V weight = layers.parameter(name + ".conv.weight");
      V made =
          layers.conv(
              x,
              layers.reshape(weight, out, in, 1, filters.kernels()[i]),
              filters.biased() ? layers.parameter(name + ".conv.bias") : null,
              new int[] {1, filters.strides()[i]},
              new int[] {0, 0},
              1);
      x = layers.activate(normed(layers, made, name + ".layer_norm", i), filters.function());
      see.accept(name, x);
      in = out;
    }
    return x;
  }

  private <V> V normed(Layers<V> layers, V map, String name, int number) {
    Filters filters = recipe.filters();
    if (filters.normsEach()) {
      V channelsLast = layers.permute(map, 0, 2, 3, 1);
      return layers.permute(layers.layerNorm(channelsLast, name, EPSILON), 0, 3, 1, 2);
    }
    return number == 0 ? layers.channelNorm(map, name, filters.channels()[0], EPSILON) : map;
  }

  @Override
  <V> V bias(Layers<V> layers, String prefix, V x) {
    return relative == null ? null : relative.bias(layers, prefix, x);
  }

  @Override
  public UnaryOperator<String> translator(Iterable<String> names) {
    return ConvolvedPositions::older;
  }

  @Override
  public void close() {
    super.close();
    ends.close();
    if (relative != null) {
      relative.close();
    }
  }
}
