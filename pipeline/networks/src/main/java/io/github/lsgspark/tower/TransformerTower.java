package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** A transformer of images or clips of any family, by its recipe. */
final class TransformerTower extends Tower {
  private static final int LAST_BLOCKS = 4;
  private static final String STEM = "stem";

  private final TransformerRecipe recipe;
  private final Predicate<String> others;
  private final PatchEmbedding embedding;
  private final Rotary rotary;

  /**
   * For images.
   *
   * @param height of the images in pixels
   * @param width likewise
   * @param others names in the family's files that are no part of the network
   * @throws LsgException exit 2 for sides that are neither the model's own nor multiples of the
   *     patches'
   */
  TransformerTower(TransformerRecipe recipe, int height, int width, Predicate<String> others) {
    this(recipe, PatchGrid.ofImages(recipe.patches(), height, width), false, others);
  }

  private TransformerTower(
      TransformerRecipe recipe, PatchGrid grid, boolean still, Predicate<String> others) {
    this.recipe = recipe;
    this.others = others;
    this.embedding = new PatchEmbedding(recipe, grid, still);
    this.rotary =
        recipe
            .rotary()
            .map(
                rotation ->
                    rotation.of(
                        new Rotary.Grid(grid, recipe.prefix(), recipe.width(), recipe.heads())))
            .orElse(null);
    listShapes();
  }

  /**
   * For clips.
   *
   * @param frames of each clip
   * @throws LsgException exit 2 for frames and sides that the network does not take
   */
  static TransformerTower ofClips(
      TransformerRecipe recipe, int frames, int height, int width, Predicate<String> others) {
    PatchGrid grid = PatchGrid.ofClips(recipe.patches(), frames, height, width);
    boolean still = frames == 1 && recipe.patches().tubelets().orElseThrow().duration() > 1;
    return new TransformerTower(recipe, grid, still, others);
  }

  private void listShapes() {
    int d = recipe.width();
    embedding.shapes(shapes);
    norm(recipe.norms().before());
    Block block = recipe.block();
    for (int i = 0; i < recipe.depth(); i++) {
      block.shapes(shapes, block.prefix(i), d);
    }
    norm(recipe.norms().after());
    recipe.pool().shapes(shapes, d);
    recipe.projection().ifPresent(own -> shapes.matrix(own.name(), own.width(), d, own.biased()));
  }

  private void norm(String name) {
    if (!name.isEmpty()) {
      shapes.layerNorm(name, recipe.width());
    }
  }

  @Override
  public int featureDimension() {
    return recipe.projection().map(Projection::width).orElse(recipe.width());
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    List<String> blocks =
        IntStream.range(0, recipe.depth()).mapToObj(recipe.block()::prefix).toList();
    List<String> rest =
        parameterShapes().keySet().stream()
            .filter(name -> blocks.stream().noneMatch(name::startsWith))
            .toList();
    List<String> end = rest.stream().filter(name -> isBehindBlocks(name)).toList();
    layers.add(
        new Layer(STEM, List.of(), rest.stream().filter(name -> !end.contains(name)).toList()));
    for (int i = 0; i < blocks.size(); i++) {
      String prefix = blocks.get(i);
      layers.add(Layer.of(Block.layer(i), prefix.substring(0, prefix.length() - 1)));
    }
    if (!end.isEmpty()) {
      layers.add(new Layer("top", List.of("norm"), end));
    }
    return layers;
  }

  private boolean isBehindBlocks(String name) {
    List<String> order = new ArrayList<>(parameterShapes().keySet());
    String first = recipe.block().prefix(0);
    int blocks =
        IntStream.range(0, order.size())
            .filter(i -> order.get(i).startsWith(first))
            .findFirst()
            .orElse(order.size());
    return order.indexOf(name) > blocks;
  }

  /** Of every block, as the last normalisation leaves it where there is one. */
  @Override
  public List<LayerOutput> outputs() {
    return IntStream.range(0, recipe.depth())
        .mapToObj(
            i ->
                new LayerOutput(
                    Block.layer(i),
                    LayerOutput.Form.SEQUENCE,
                    recipe.width(),
                    recipe.classTokens(),
                    recipe.prefix() - recipe.classTokens()))
        .toList();
  }

  /** The last four blocks, or the projected vector where there is one. */
  @Override
  public List<String> featureLayers() {
    if (recipe.projection().isPresent() || recipe.pool().attends()) {
      return List.of(LayerOutput.FEATURES);
    }
    return IntStream.range(Math.max(0, recipe.depth() - LAST_BLOCKS), recipe.depth())
        .mapToObj(Block::layer)
        .toList();
  }

  @Override
  <V> V features(Layers<V> layers, V images, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V x = embedding.of(layers, images);
    String before = recipe.norms().before();
    if (!before.isEmpty()) {
      x = layers.layerNorm(x, before, recipe.norms().epsilon());
    }
    see.accept("embeddings", x);
    for (int i = 0; i < recipe.depth(); i++) {
      String prefix = recipe.block().prefix(i);
      x =
          layers.segment(
              x,
              input ->
                  recipe
                      .block()
                      .of(layers, prefix, input, recipe.form(), part -> turned(layers, part)));
      see.accept(Block.layer(i), x);
      V output = x;
      outputs.offer(Block.layer(i), () -> last(layers, output));
    }
    V tokens = last(layers, x);
    see.accept("tokens", tokens);
    V pooled = recipe.pool().of(layers, tokens, recipe.prefix());
    see.accept("pooled", pooled);
    if (recipe.projection().isPresent()) {
      Projection own = recipe.projection().get();
      pooled = layers.linear(pooled, own.name(), own.biased());
    }
    return layers.vectors(pooled);
  }

  private <V> V last(Layers<V> layers, V x) {
    String name = recipe.norms().after();
    return name.isEmpty() ? x : layers.layerNorm(x, name, recipe.norms().epsilon());
  }

  private <V> V turned(Layers<V> layers, V x) {
    return rotary == null ? x : layers.rotate(x, rotary.cosines(), rotary.sines(), rotary.places());
  }

  @Override
  public HostArray fitted(String name, HostArray array) {
    return embedding.fitted(name, array);
  }

  @Override
  public boolean leavesOut(String name) {
    return others.test(name);
  }

  @Override
  public void close() {
    embedding.close();
    if (rotary != null) {
      rotary.close();
    }
  }
}
