package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.Convolution;
import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.backbone.PositionGrid;
import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/**
 * TimeSformer (Bertasius et al. 2021, section 3): each block attends over the times of each place,
 * then over the places of each time. Tokens are the class, then place by place, all times of a
 * place together.
 */
final class TimesformerTower extends Tower {
  private static final int LAST_BLOCKS = 4;
  private static final String POSITIONS = "embeddings.position_embeddings";
  private static final String TIMES = "embeddings.time_embeddings";
  private static final String CLASS = "embeddings.cls_token";
  private static final String PATCHES = "embeddings.patch_embeddings.projection";
  private static final String LAST = "layernorm";

  private final TimesformerRecipe recipe;
  private final int frames;
  private final int rows;
  private final int columns;
  private final SelfAttention space;
  private final SelfAttention time;
  private final FeedForward forward;
  private final ConstantTensor eachFrame;

  /**
   * @param frames of each clip; another number than the weights are for resamples the embeddings of
   *     times, as another size does those of places: by the nearest, as the authors do
   */
  TimesformerTower(TimesformerRecipe recipe, int frames, int height, int width) {
    requirePatches(height, width, recipe.patch());
    this.recipe = recipe;
    this.frames = frames;
    this.rows = height / recipe.patch();
    this.columns = width / recipe.patch();
    this.space = attention("attention");
    this.time = attention("temporal_attention");
    this.forward =
        new FeedForward.Plain(
            "intermediate.dense", "output.dense", recipe.hidden(), recipe.function());
    this.eachFrame = new ConstantTensor(HostArray.of(new long[frames], frames));
    listShapes();
  }

  private SelfAttention attention(String name) {
    return new SelfAttention.Packed(
        name + ".attention.qkv", recipe.biased(), "", "", name + ".output.dense");
  }

  private static String prefix(int block) {
    return "encoder.layer." + block + ".";
  }

  private void listShapes() {
    int d = recipe.width();
    shapes.array(CLASS, 1, 1, d);
    shapes.array(POSITIONS, 1, 1 + (long) rows * columns, d);
    shapes.array(TIMES, 1, frames, d);
    shapes.conv(PATCHES, d, 3, recipe.patch(), true);
    for (int i = 0; i < recipe.depth(); i++) {
      String block = prefix(i);
      space.shapes(shapes, block, d);
      forward.shapes(shapes, block, d);
      shapes.layerNorm(block + "layernorm_before", d);
      shapes.layerNorm(block + "layernorm_after", d);
      shapes.layerNorm(block + "temporal_layernorm", d);
      time.shapes(shapes, block, d);
      shapes.linear(block + "temporal_dense", d, d);
    }
    shapes.layerNorm(LAST, d);
  }

  @Override
  public int featureDimension() {
    return recipe.width();
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("stem", List.of(), List.of("embeddings")));
    for (int i = 0; i < recipe.depth(); i++) {
      layers.add(Layer.of(Block.layer(i), "encoder.layer." + i));
    }
    layers.add(new Layer("top", List.of("norm"), List.of(LAST)));
    return layers;
  }

  /** Of every block, as the last normalisation leaves it. */
  @Override
  public List<LayerOutput> outputs() {
    return IntStream.range(0, recipe.depth())
        .mapToObj(
            i -> new LayerOutput(Block.layer(i), LayerOutput.Form.SEQUENCE, recipe.width(), 1))
        .toList();
  }

  /** The last four blocks. */
  @Override
  public List<String> featureLayers() {
    return IntStream.range(Math.max(0, recipe.depth() - LAST_BLOCKS), recipe.depth())
        .mapToObj(Block::layer)
        .toList();
  }

  @Override
  <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V x = embedded(layers, clips);
    see.accept("embeddings", x);
    for (int i = 0; i < recipe.depth(); i++) {
      String block = prefix(i);
      x = layers.segment(x, input -> block(layers, block, input));
      see.accept(Block.layer(i), x);
      V output = x;
      outputs.offer(Block.layer(i), () -> last(layers, output));
    }
    V tokens = last(layers, x);
    see.accept("tokens", tokens);
    V pooled = layers.firstToken(tokens);
    see.accept("pooled", pooled);
    return layers.vectors(pooled);
  }

  private <V> V last(Layers<V> layers, V x) {
    return layers.layerNorm(x, LAST, recipe.epsilon());
  }

  private int places() {
    return rows * columns;
  }

  private <V> V embedded(Layers<V> layers, V clips) {
    V maps =
        layers.conv(
            layers.framesAsImages(clips), PATCHES, Convolution.patches(recipe.patch(), true));
    V positions = layers.parameter(POSITIONS);
    V x = layers.add(layers.places(maps), layers.narrow(positions, 1, 1, places()));
    V timed = layers.addParameter(byPlace(layers, x, frames, places()), TIMES);
    V token = layers.add(layers.parameter(CLASS), layers.narrow(positions, 1, 0, 1));
    return layers.prepend(token, sequence(layers, timed));
  }

  /** Sequences [n · first, second, d] as [n, second, first, d]. */
  private <V> V byPlace(Layers<V> layers, V x, int first, int second) {
    return layers.permute(layers.reshape(x, -1, first, second, recipe.width()), 0, 2, 1, 3);
  }

  /** All patches of a clip behind one another. */
  private <V> V sequence(Layers<V> layers, V x) {
    return layers.reshape(x, -1, places() * frames, recipe.width());
  }

  private <V> V block(Layers<V> layers, String block, V x) {
    int d = recipe.width();
    V token = layers.narrow(x, 1, 0, 1);
    V patches = layers.withoutFirst(x, 1);
    V times = layers.reshape(patches, -1, frames, d);
    V overTime = attended(layers, block, "temporal_layernorm", time, times);
    patches =
        layers.add(patches, layers.linear(sequence(layers, overTime), block + "temporal_dense"));
    V images = layers.reshape(byPlace(layers, patches, places(), frames), -1, places(), d);
    V tokens = layers.reshape(layers.select(token, 1, eachFrame), -1, 1, d);
    V overSpace =
        attended(layers, block, "layernorm_before", space, layers.prepend(tokens, images));
    V ofTokens = layers.mean(layers.reshape(layers.narrow(overSpace, 1, 0, 1), -1, frames, d), 1);
    V ofPatches = byPlace(layers, layers.withoutFirst(overSpace, 1), frames, places());
    V both = layers.prepend(layers.reshape(ofTokens, -1, 1, d), sequence(layers, ofPatches));
    V sum = layers.add(layers.prepend(token, patches), both);
    V normed = layers.layerNorm(sum, block + "layernorm_after", recipe.epsilon());
    return layers.add(sum, forward.of(layers, block, normed));
  }

  private <V> V attended(
      Layers<V> layers, String block, String norm, SelfAttention attention, V x) {
    V normed = layers.layerNorm(x, block + norm, recipe.epsilon());
    SelfAttention.Parts<V> parts = attention.parts(layers, block, normed, recipe.width());
    V attended = layers.attention(parts.query(), parts.key(), parts.value(), recipe.heads());
    return attention.leave(layers, block, attended);
  }

  @Override
  public HostArray fitted(String name, HostArray array) {
    boolean sequences = array.shape().length == 3;
    if (sequences && name.equals(POSITIONS)) {
      return PositionGrid.resampled(array, 1, rows, columns, Resampling.NEAREST);
    }
    return sequences && name.equals(TIMES) ? PositionGrid.retimed(array, frames) : array;
  }

  @Override
  public boolean leavesOut(String name) {
    return false;
  }

  @Override
  public void close() {
    eachFrame.close();
  }
}
