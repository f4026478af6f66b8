package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.tower.SwinRecipe.Names;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Swin transformers (Liu et al. 2021) of any family. Maps are [n, height, width, channels] on the
 * way; the vector is the mean of the last one's places, normalised before.
 */
final class SwinTower extends Tower {
  private static final int FEATURE_STAGES = 2;

  private final SwinRecipe recipe;
  private final Names names;
  private final Predicate<String> others;
  private final List<Stage> stages = new ArrayList<>();

  /**
   * A stage's map, and its windows: as they stand, and shifted.
   *
   * @param channels of the map
   */
  private record Stage(int rows, int columns, int channels, Windows plain, Windows shifted) {
    Windows of(int block) {
      return block % 2 == 0 ? plain : shifted;
    }
  }

  /**
   * @param height of the images in pixels
   * @param width likewise
   * @param others names in the family's files that are no part of the network
   * @throws LsgException exit 2 for sides that are no multiples of the patches', or too short for a
   *     window in the last stage
   */
  SwinTower(SwinRecipe recipe, int height, int width, Predicate<String> others) {
    this.recipe = recipe;
    this.names = recipe.names();
    this.others = others;
    requirePatches(height, width, recipe.patch());
    int halvings = recipe.stages() - 1;
    requireSides(height, width, recipe.patch() * (((recipe.window() - 1) << halvings) + 1));
    listShapes();
    int rows = height / recipe.patch();
    int columns = width / recipe.patch();
    for (int stage = 0; stage < recipe.stages(); stage++) {
      stages.add(stage(rows, columns, recipe.channels(stage)));
      rows = (rows + 1) / 2;
      columns = (columns + 1) / 2;
    }
  }

  private Stage stage(int rows, int columns, int channels) {
    int side = recipe.window();
    boolean one = !recipe.eachWay() && Math.min(rows, columns) <= side;
    int down = one || rows <= side ? 0 : side / 2;
    int right = one || columns <= side ? 0 : side / 2;
    return new Stage(
        rows,
        columns,
        channels,
        new Windows(rows, columns, side, 0, 0),
        new Windows(rows, columns, side, down, right));
  }

  private void listShapes() {
    shapes.conv(
        names.embedding() + names.patches(),
        recipe.width(),
        recipe.colours(),
        recipe.patch(),
        true);
    shapes.layerNorm(names.embedding() + "norm", recipe.width());
    for (int stage = 0; stage < recipe.stages(); stage++) {
      int channels = recipe.channels(stage);
      if (stage > 0) {
        shapes.layerNorm(shrink(stage) + "norm", 2 * channels);
        shapes.matrix(shrink(stage) + "reduction", channels, 2 * channels, false);
      }
      for (int block = 0; block < recipe.depths().get(stage); block++) {
        String prefix = block(stage, block);
        shapes.layerNorm(prefix + names.normOne(), channels);
        shapes.array(
            prefix + names.table(), Windows.positions(recipe.window()), recipe.heads().get(stage));
        names.attention().shapes(shapes, prefix, channels);
        shapes.layerNorm(prefix + names.normTwo(), channels);
        forward(stage).shapes(shapes, prefix, channels);
      }
    }
    shapes.layerNorm(names.last(), featureDimension());
  }

  private String block(int stage, int block) {
    return names.stage().formatted(stage) + "blocks." + block + ".";
  }

  /** What halves the map on the way to a stage. */
  private String shrink(int stage) {
    return names.stage().formatted(names.shrinksAtEnd() ? stage - 1 : stage) + "downsample.";
  }

  private FeedForward forward(int stage) {
    int hidden = (int) (recipe.channels(stage) * recipe.ratio());
    return new FeedForward.Plain(names.up(), names.down(), hidden, recipe.function());
  }

  @Override
  public int featureDimension() {
    return recipe.channels(recipe.stages() - 1);
  }

  private static String label(int stage) {
    return "stages." + stage;
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(Layer.of("stem", names.embedding() + names.patches(), names.embedding() + "norm"));
    for (int stage = 0; stage < recipe.stages(); stage++) {
      List<String> prefixes = new ArrayList<>();
      prefixes.add(names.stage().formatted(stage) + "blocks");
      if (stage > 0) {
        prefixes.add(shrink(stage) + "norm");
        prefixes.add(shrink(stage) + "reduction");
      }
      layers.add(new Layer(label(stage), List.of(), prefixes));
    }
    layers.add(new Layer("top", List.of("norm"), List.of(names.last())));
    return layers;
  }

  /** The map that leaves each stage; the last one's is normalised. */
  @Override
  public List<LayerOutput> outputs() {
    return IntStream.range(0, recipe.stages())
        .mapToObj(stage -> LayerOutput.map(label(stage), recipe.channels(stage)))
        .toList();
  }

  /** The last two stages. */
  @Override
  public List<String> featureLayers() {
    return IntStream.range(Math.max(0, recipe.stages() - FEATURE_STAGES), recipe.stages())
        .mapToObj(SwinTower::label)
        .toList();
  }

  @Override
  <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V patches =
        layers.conv(
            images, names.embedding() + names.patches(), Convolution.patches(recipe.patch(), true));
    V x =
        layers.layerNorm(
            layers.permute(patches, 0, 2, 3, 1), names.embedding() + "norm", recipe.epsilon());
    see.accept("embeddings", x);
    for (int stage = 0; stage < recipe.stages(); stage++) {
      if (stage > 0) {
        x = halved(layers, x, stage);
        see.accept(label(stage - 1), x);
      }
      for (int block = 0; block < recipe.depths().get(stage); block++) {
        int inStage = stage;
        int number = block;
        x = layers.segment(x, input -> block(layers, input, inStage, number));
        see.accept(label(stage) + ".blocks." + block, x);
      }
      if (stage < recipe.stages() - 1) {
        offer(layers, outputs, stage, x);
      }
    }
    V map = layers.layerNorm(x, names.last(), recipe.epsilon());
    see.accept("map", map);
    offer(layers, outputs, recipe.stages() - 1, map);
    V pooled = layers.mean(layers.mean(map, 2), 1);
    see.accept("pooled", pooled);
    return layers.vectors(pooled);
  }

  private static <V> void offer(Layers<V> layers, LayerOutputs<V> outputs, int stage, V map) {
    outputs.offer(label(stage), () -> layers.permute(map, 0, 3, 1, 2));
  }

  /** Four neighbours side by side, column by column, and half of the numbers that this makes. */
  private <V> V halved(Layers<V> layers, V x, int stage) {
    Stage before = stages.get(stage - 1);
    Stage after = stages.get(stage);
    int rows = 2 * after.rows();
    int columns = 2 * after.columns();
    V even =
        rows == before.rows() && columns == before.columns()
            ? x
            : layers.padPlaces(x, rows - before.rows(), columns - before.columns());
    V squares = layers.reshape(even, -1, after.rows(), 2, after.columns(), 2, before.channels());
    V beside =
        layers.reshape(
            layers.permute(squares, 0, 1, 3, 4, 2, 5),
            -1,
            after.rows(),
            after.columns(),
            4 * before.channels());
    V normed = layers.layerNorm(beside, shrink(stage) + "norm", recipe.epsilon());
    return layers.linear(normed, shrink(stage) + "reduction", false);
  }

  private <V> V block(Layers<V> layers, V x, int stage, int block) {
    String prefix = block(stage, block);
    int channels = recipe.channels(stage);
    Windows windows = stages.get(stage).of(block);
    V seen =
        windows.apart(
            layers, layers.layerNorm(x, prefix + names.normOne(), recipe.epsilon()), channels);
    V attended =
        windows.attention(
            layers,
            names.attention().parts(layers, prefix, seen, channels),
            layers.parameter(prefix + names.table()),
            recipe.heads().get(stage),
            channels);
    V left = names.attention().leave(layers, prefix, attended);
    V middle = layers.add(x, windows.together(layers, left, channels));
    V normed = layers.layerNorm(middle, prefix + names.normTwo(), recipe.epsilon());
    return layers.add(middle, forward(stage).of(layers, prefix, normed));
  }

  @Override
  public boolean leavesOut(String name) {
    return others.test(name);
  }

  @Override
  public void close() {
    stages.forEach(
        stage -> {
          stage.plain().close();
          stage.shifted().close();
        });
  }
}
