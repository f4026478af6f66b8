package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.tower.MobileRecipe.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * Networks of inverted residuals: EfficientNet (Tan and Le 2019) and MobileNetV3 (Howard et al.
 * 2019), in timm's names.
 */
final class MobileTower extends Tower {
  private static final String STEM = "conv_stem";
  private static final String HEAD = "conv_head";

  private final MobileRecipe recipe;

  MobileTower(MobileRecipe recipe) {
    this.recipe = recipe;
    shapes.conv(STEM, recipe.stem(), 3, 3, false);
    shapes.batchNorm("bn1", recipe.stem());
    for (int stage = 0; stage < recipe.stages().size(); stage++) {
      for (int i = 0; i < recipe.stages().get(stage).size(); i++) {
        addBlock(recipe.stages().get(stage).get(i), label(stage) + "." + i + ".");
      }
    }
    shapes.conv(
        HEAD, recipe.width(), channels(recipe.stages().size() - 1), 1, recipe.pooledFirst());
    if (!recipe.pooledFirst()) {
      shapes.batchNorm("bn2", recipe.width());
    }
  }

  private static String label(int stage) {
    return "blocks." + stage;
  }

  private int channels(int stage) {
    List<Block> blocks = recipe.stages().get(stage);
    return blocks.get(blocks.size() - 1).out();
  }

  private void addBlock(Block block, String prefix) {
    switch (block.kind()) {
      case SEPARABLE -> {
        addDepthwise(block, prefix, "bn1");
        addPointwise(prefix + "conv_pw", prefix + "bn2", block.out(), block.in());
      }
      case INVERTED -> {
        addPointwise(prefix + "conv_pw", prefix + "bn1", block.wide(), block.in());
        addDepthwise(block, prefix, "bn2");
        addPointwise(prefix + "conv_pwl", prefix + "bn3", block.out(), block.wide());
      }
      case POINTWISE -> addPointwise(prefix + "conv", prefix + "bn1", block.out(), block.in());
    }
  }

  private void addPointwise(String name, String norm, int out, int in) {
    shapes.conv(name, out, in, 1, false);
    shapes.batchNorm(norm, out);
  }

  private void addDepthwise(Block block, String prefix, String norm) {
    shapes.conv(prefix + "conv_dw", block.wide(), block.wide(), block.kernel(), depthwise(block));
    shapes.batchNorm(prefix + norm, block.wide());
    if (block.squeezed() > 0) {
      shapes.conv(prefix + "se.conv_reduce", block.squeezed(), block.wide(), 1, true);
      shapes.conv(prefix + "se.conv_expand", block.wide(), block.squeezed(), 1, true);
    }
  }

  private static Convolution depthwise(Block block) {
    return Convolution.depthwise(block.wide(), block.stride(), block.kernel() / 2, false);
  }

  @Override
  public int featureDimension() {
    return recipe.width();
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(Layer.of("stem", STEM, "bn1"));
    for (int stage = 0; stage < recipe.stages().size(); stage++) {
      layers.add(Layer.of(label(stage), label(stage)));
    }
    layers.add(recipe.pooledFirst() ? Layer.of("top", HEAD) : Layer.of("top", HEAD, "bn2"));
    return layers;
  }

  /** The map that leaves each stage. */
  @Override
  public List<LayerOutput> outputs() {
    return IntStream.range(0, recipe.stages().size())
        .mapToObj(stage -> LayerOutput.map(label(stage), channels(stage)))
        .toList();
  }

  /** The last stage, and the vector that the last convolution makes of it. */
  @Override
  public List<String> featureLayers() {
    return List.of(label(recipe.stages().size() - 1), LayerOutput.FEATURES);
  }

  @Override
  <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V x = layers.batchNorm(layers.conv(images, STEM, 2, 1), "bn1");
    x = layers.activate(x, recipe.function());
    see.accept("stem", x);
    for (int stage = 0; stage < recipe.stages().size(); stage++) {
      for (int i = 0; i < recipe.stages().get(stage).size(); i++) {
        String name = label(stage) + "." + i;
        x = block(layers, x, recipe.stages().get(stage).get(i), name + ".");
        see.accept(name, x);
      }
      V output = x;
      outputs.offer(label(stage), () -> output);
    }
    V pooled = recipe.pooledFirst() ? pooledFirst(layers, x, see) : pooledLast(layers, x, see);
    see.accept("pooled", pooled);
    return layers.vectors(pooled);
  }

  private <V> V pooledFirst(Layers<V> layers, V map, BiConsumer<String, V> see) {
    see.accept("map", map);
    V mean = mean(layers, map);
    V wide = ofVectors(layers, mean, HEAD, recipe.width(), channels(recipe.stages().size() - 1));
    return layers.activate(wide, recipe.function());
  }

  private <V> V pooledLast(Layers<V> layers, V x, BiConsumer<String, V> see) {
    V map = layers.activate(pointwise(layers, x, HEAD, "bn2"), recipe.function());
    see.accept("map", map);
    return mean(layers, map);
  }

  private static <V> V mean(Layers<V> layers, V map) {
    return layers.mean(layers.mean(map, 3), 2);
  }

  /** A convolution of single places, of vectors [n, in]. */
  private static <V> V ofVectors(Layers<V> layers, V x, String name, int out, int in) {
    V weight = layers.reshape(layers.parameter(name + ".weight"), out, in);
    return layers.linear(x, weight, layers.parameter(name + ".bias"));
  }

  private static <V> V pointwise(Layers<V> layers, V x, String name, String norm) {
    return layers.batchNorm(layers.conv(x, name, Convolution.pointwise(false)), norm);
  }

  private <V> V block(Layers<V> layers, V x, Block block, String prefix) {
    V y =
        switch (block.kind()) {
          case SEPARABLE ->
              pointwise(
                  layers,
                  depthwise(layers, x, block, prefix, "bn1"),
                  prefix + "conv_pw",
                  prefix + "bn2");
          case INVERTED -> {
            V wide = pointwise(layers, x, prefix + "conv_pw", prefix + "bn1");
            V seen =
                depthwise(layers, layers.activate(wide, block.function()), block, prefix, "bn2");
            yield pointwise(layers, seen, prefix + "conv_pwl", prefix + "bn3");
          }
          case POINTWISE ->
              layers.activate(
                  pointwise(layers, x, prefix + "conv", prefix + "bn1"), block.function());
        };
    return block.isResidual() ? layers.add(x, y) : y;
  }

  private <V> V depthwise(Layers<V> layers, V x, Block block, String prefix, String norm) {
    V map = layers.conv(x, prefix + "conv_dw", depthwise(block));
    V y = layers.activate(layers.batchNorm(map, prefix + norm), block.function());
    if (block.squeezed() == 0) {
      return y;
    }
    int wide = block.wide();
    V squeezed =
        ofVectors(layers, mean(layers, y), prefix + "se.conv_reduce", block.squeezed(), wide);
    V excited =
        ofVectors(
            layers,
            layers.activate(squeezed, block.inside()),
            prefix + "se.conv_expand",
            wide,
            block.squeezed());
    V gates = layers.reshape(layers.activate(excited, recipe.gate()), -1, wide, 1, 1);
    return layers.multiply(y, gates);
  }

  /** The classifier, and the counters of batches. */
  @Override
  public boolean leavesOut(String name) {
    return name.startsWith("classifier.") || name.endsWith(".num_batches_tracked");
  }
}
