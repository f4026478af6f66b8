package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.tower.ConvNextRecipe.Block;
import io.github.lsgspark.tower.ConvNextRecipe.Form;
import io.github.lsgspark.tower.ConvNextRecipe.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * ConvNeXt (Liu et al. 2022) and ConvNeXt V2 (Woo et al. 2023) of any family. Its vector is the
 * mean over all places, normalised.
 */
final class ConvNextTower extends Tower {
  private static final int KERNEL = 7;
  private static final int GROWTH = 4;
  private static final int FEATURE_STAGES = 2;

  private final ConvNextRecipe recipe;
  private final Names names;
  private final Predicate<String> others;

  /**
   * @param height of the images in pixels
   * @param width likewise
   * @param others names in the family's files that are no part of the network
   */
  ConvNextTower(ConvNextRecipe recipe, int height, int width, Predicate<String> others) {
    this.recipe = recipe;
    this.names = recipe.names();
    this.others = others;
    requireSides(height, width, recipe.patch() << (recipe.depths().size() - 1));
    shapes.conv(names.stem(), recipe.widths().get(0), 3, recipe.patch(), true);
    shapes.layerNorm(names.stemNorm(), recipe.widths().get(0));
    for (int stage = 0; stage < recipe.depths().size(); stage++) {
      int channels = recipe.widths().get(stage);
      if (stage > 0) {
        int before = recipe.widths().get(stage - 1);
        shapes.layerNorm(stage(stage) + names.shrinkNorm(), before);
        shapes.conv(stage(stage) + names.shrink(), channels, before, 2, true);
      }
      for (int block = 0; block < recipe.depths().get(stage); block++) {
        addBlock(stage(stage) + names.block().formatted(block), channels);
      }
    }
    shapes.layerNorm(names.last(), featureDimension());
  }

  private String stage(int stage) {
    return names.stage().formatted(stage);
  }

  private void addBlock(String prefix, int channels) {
    Block own = names.inBlock();
    int wide = GROWTH * channels;
    if (!own.scale().isEmpty()) {
      shapes.vector(prefix + own.scale(), channels);
    }
    shapes.conv(prefix + own.depthwise(), channels, channels, KERNEL, depthwise(channels));
    shapes.layerNorm(prefix + own.norm(), channels);
    addMatrix(prefix + own.up(), wide, channels);
    if (!own.response().isEmpty()) {
      long[] shape =
          own.form() == Form.FOUR_DIMENSIONS ? new long[] {1, 1, 1, wide} : new long[] {wide};
      shapes.array(prefix + own.response() + ".weight", shape);
      shapes.array(prefix + own.response() + ".bias", shape);
    }
    addMatrix(prefix + own.down(), channels, wide);
  }

  private void addMatrix(String name, int out, int in) {
    if (names.inBlock().form() == Form.CONVOLUTIONS) {
      shapes.conv(name, out, in, 1, true);
    } else {
      shapes.linear(name, out, in);
    }
  }

  private static Convolution depthwise(int channels) {
    return Convolution.depthwise(channels, 1, KERNEL / 2, true);
  }

  @Override
  public int featureDimension() {
    return recipe.widths().get(recipe.widths().size() - 1);
  }

  private static String label(int stage) {
    return "stages." + stage;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(Layer.of("stem", names.stem(), names.stemNorm()));
    for (int stage = 0; stage < recipe.depths().size(); stage++) {
      List<String> prefixes = new ArrayList<>();
      if (stage > 0) {
        prefixes.add(stage(stage) + names.shrinkNorm());
        prefixes.add(stage(stage) + names.shrink());
      }
      for (int block = 0; block < recipe.depths().get(stage); block++) {
        String prefix = stage(stage) + names.block().formatted(block);
        prefixes.add(prefix.substring(0, prefix.length() - 1));
      }
      layers.add(new Layer(label(stage), List.of(), prefixes));
    }
    layers.add(new Layer("top", List.of("norm"), List.of(names.last())));
    return layers;
  }

  /** The map that leaves each stage. */
  @Override
  public List<LayerOutput> outputs() {
    return IntStream.range(0, recipe.depths().size())
        .mapToObj(stage -> LayerOutput.map(label(stage), recipe.widths().get(stage)))
        .toList();
  }

  /** The last two stages. */
  @Override
  public List<String> featureLayers() {
    int stages = recipe.depths().size();
    return IntStream.range(Math.max(0, stages - FEATURE_STAGES), stages)
        .mapToObj(ConvNextTower::label)
        .toList();
  }

  @Override
  <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V x = layers.conv(images, names.stem(), Convolution.patches(recipe.patch(), true));
    x = normed(layers, x, names.stemNorm());
    see.accept("stem", x);
    for (int stage = 0; stage < recipe.depths().size(); stage++) {
      if (stage > 0) {
        x = normed(layers, x, stage(stage) + names.shrinkNorm());
        x = layers.conv(x, stage(stage) + names.shrink(), Convolution.patches(2, true));
      }
      for (int block = 0; block < recipe.depths().get(stage); block++) {
        String prefix = stage(stage) + names.block().formatted(block);
        int inStage = stage;
        x = layers.segment(x, input -> block(layers, input, prefix, inStage));
        see.accept(label(stage) + ".blocks." + block, x);
      }
      V output = x;
      outputs.offer(label(stage), () -> output);
    }
    see.accept("map", x);
    V mean = layers.mean(layers.mean(x, 3), 2);
    V pooled = layers.layerNorm(mean, names.last(), recipe.lastEpsilon());
    see.accept("pooled", pooled);
    return layers.vectors(pooled);
  }

  /** Channels of a map [n, channels, height, width] behind its places. */
  private static <V> V channelsLast(Layers<V> layers, V x) {
    return layers.permute(x, 0, 2, 3, 1);
  }

  private static <V> V channelsFirst(Layers<V> layers, V x) {
    return layers.permute(x, 0, 3, 1, 2);
  }

  private <V> V normed(Layers<V> layers, V x, String name) {
    return channelsFirst(layers, layers.layerNorm(channelsLast(layers, x), name, recipe.epsilon()));
  }

  private <V> V block(Layers<V> layers, V x, String prefix, int stage) {
    Block own = names.inBlock();
    int channels = recipe.widths().get(stage);
    V seen = channelsLast(layers, layers.conv(x, prefix + own.depthwise(), depthwise(channels)));
    V normed = layers.layerNorm(seen, prefix + own.norm(), recipe.epsilon());
    V wide =
        layers.activate(
            matrix(layers, normed, prefix + own.up(), GROWTH * channels, channels),
            recipe.function());
    if (!own.response().isEmpty()) {
      wide =
          layers.responseNorm(
              wide,
              layers.parameter(prefix + own.response() + ".weight"),
              layers.parameter(prefix + own.response() + ".bias"));
    }
    V y = matrix(layers, wide, prefix + own.down(), channels, GROWTH * channels);
    if (!own.scale().isEmpty()) {
      y = layers.multiply(y, layers.parameter(prefix + own.scale()));
    }
    return layers.add(x, channelsFirst(layers, y));
  }

  private <V> V matrix(Layers<V> layers, V x, String name, int out, int in) {
    if (names.inBlock().form() != Form.CONVOLUTIONS) {
      return layers.linear(x, name);
    }
    V weight = layers.reshape(layers.parameter(name + ".weight"), out, in);
    return layers.linear(x, weight, layers.parameter(name + ".bias"));
  }

  @Override
  public boolean leavesOut(String name) {
    return others.test(name);
  }
}
