package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.torch.ConstantTensor;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A transformer over a sequence that is made of a sound. How it is made, and where normalisations
 * stand, is the kind's.
 */
abstract class SoundEncoder extends Tower {

  /**
   * The transformer.
   *
   * @param width d
   * @param depth blocks
   * @param heads of each attention
   * @param block what each block is; without scales
   * @param normsFirst whether normalisation stands before both parts of a block, and {@code norm}
   *     behind the last; otherwise behind both parts, and {@code norm} before the first
   * @param norm its name
   * @param tokens of the sequence that stand for the whole
   */
  record Stack(
      int width,
      int depth,
      int heads,
      Block block,
      boolean normsFirst,
      String norm,
      double epsilon,
      int tokens) {

    /** Checks the heads. */
    Stack {
      TransformerRecipe.requireHeads(width, heads);
    }
  }

  final Stack stack;

  /** Added to the attention to places of padding. */
  private static final double UNSEEN = -1e9;

  private final Predicate<String> others;
  private final ConstantTensor one = new ConstantTensor(HostArray.of(new float[] {1}, 1));

  /**
   * @param others names in the family's files that are no part of the network
   */
  SoundEncoder(Stack stack, Predicate<String> others) {
    this.stack = stack;
    this.others = others;
  }

  /** Lists the tensors of the blocks, behind those of what comes before. */
  final void listBlocks() {
    int d = stack.width();
    Block block = stack.block();
    if (!stack.normsFirst()) {
      shapes.layerNorm(stack.norm(), d);
    }
    for (int i = 0; i < stack.depth(); i++) {
      String prefix = block.prefix(i);
      shapes.layerNorm(prefix + block.normOne(), d);
      block.attention().shapes(shapes, prefix, d);
      listExtras(i, prefix);
      shapes.layerNorm(prefix + block.normTwo(), d);
      block.forward().shapes(shapes, prefix, d);
    }
    if (stack.normsFirst()) {
      shapes.layerNorm(stack.norm(), d);
    }
  }

  /** What a block has besides. */
  void listExtras(int number, String prefix) {}

  /**
   * Which places of the sequence stand for more than padding; null: all do.
   *
   * @param view [n, 1, bands, frames], or [n, 1, 1, samples]
   * @return 1 or 0 for each place: [n, length, 1]
   */
  <V> V sounding(Layers<V> layers, V view) {
    return null;
  }

  /**
   * The sequence that the first block takes, but for its normalisation.
   *
   * @param view as for {@link #sounding}
   * @param sounding what that returned
   * @return [n, length, d]
   */
  abstract <V> V sequence(Layers<V> layers, V view, V sounding, BiConsumer<String, V> see);

  /**
   * What is added to the attention of a block; null: nothing.
   *
   * @param x what it attends to: [n, length, d]
   * @return broadcasts to [n, heads, length, length]
   */
  <V> V bias(Layers<V> layers, String prefix, V x) {
    return null;
  }

  /** The vector: the mean over the sequence. */
  <V> V pooled(Layers<V> layers, V x) {
    return layers.mean(x, 1);
  }

  @Override
  public final int featureDimension() {
    return stack.width();
  }

  @Override
  public final List<Layer> layers() {
    List<String> blocks =
        IntStream.range(0, stack.depth()).mapToObj(stack.block()::prefix).toList();
    boolean above = stack.normsFirst();
    List<String> stem =
        parameterShapes().keySet().stream()
            .filter(name -> blocks.stream().noneMatch(name::startsWith))
            .filter(name -> !above || !name.startsWith(stack.norm() + "."))
            .toList();
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer("stem", List.of(), stem));
    for (int i = 0; i < blocks.size(); i++) {
      String prefix = blocks.get(i);
      layers.add(Layer.of(Block.layer(i), prefix.substring(0, prefix.length() - 1)));
    }
    if (above) {
      layers.add(new Layer("top", List.of("norm"), List.of(stack.norm())));
    }
    return layers;
  }

  /** Of every block, as the last normalisation leaves it where there is one. */
  @Override
  public final List<LayerOutput> outputs() {
    return IntStream.range(0, stack.depth())
        .mapToObj(
            i ->
                new LayerOutput(
                    Block.layer(i), LayerOutput.Form.SEQUENCE, stack.width(), stack.tokens()))
        .toList();
  }

  /**
   * Every quarter's last block: what helps to tell sounds apart stands at other depths than what
   * helps to tell speakers or words (Pasad et al. 2021).
   */
  @Override
  public List<String> featureLayers() {
    return IntStream.rangeClosed(1, 4)
        .map(quarter -> (quarter * stack.depth() + 3) / 4 - 1)
        .distinct()
        .mapToObj(Block::layer)
        .toList();
  }

  @Override
  final <V> V features(
      Layers<V> layers, V view, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    V sounding = sounding(layers, view);
    V keys = sounding == null ? null : keys(layers, sounding);
    V x = sequence(layers, view, sounding, see);
    if (!stack.normsFirst()) {
      x = layers.layerNorm(x, stack.norm(), stack.epsilon());
    }
    see.accept("embeddings", x);
    for (int i = 0; i < stack.depth(); i++) {
      String prefix = stack.block().prefix(i);
      x = layers.segment(x, input -> block(layers, prefix, input, keys));
      see.accept(Block.layer(i), x);
      V output = x;
      outputs.offer(Block.layer(i), () -> heard(layers, last(layers, output), sounding));
    }
    V tokens = last(layers, x);
    see.accept("tokens", tokens);
    V pooled = pooled(layers, heard(layers, tokens, sounding));
    see.accept("pooled", pooled);
    return layers.vectors(pooled);
  }

  /** Nothing for places that sound, {@link #UNSEEN} for others: [n, 1, 1, length]. */
  private <V> V keys(Layers<V> layers, V sounding) {
    V before = layers.add(sounding, layers.scale(layers.constant(one, sounding), -1));
    return layers.permute(
        layers.reshape(layers.scale(before, -UNSEEN), -1, length(), 1, 1), 0, 2, 3, 1);
  }

  /** Places of the sequence; asked where some may be padding. */
  int length() {
    throw new UnsupportedOperationException();
  }

  private static <V> V heard(Layers<V> layers, V x, V sounding) {
    return sounding == null ? x : layers.withoutPadding(x, sounding);
  }

  private <V> V last(Layers<V> layers, V x) {
    return stack.normsFirst() ? layers.layerNorm(x, stack.norm(), stack.epsilon()) : x;
  }

  private <V> V block(Layers<V> layers, String prefix, V x, V keys) {
    Block block = stack.block();
    String one = prefix + block.normOne();
    String two = prefix + block.normTwo();
    if (stack.normsFirst()) {
      V middle = layers.add(x, attended(layers, prefix, normed(layers, x, one), keys));
      return layers.add(middle, block.forward().of(layers, prefix, normed(layers, middle, two)));
    }
    V middle = normed(layers, layers.add(x, attended(layers, prefix, x, keys)), one);
    return normed(layers, layers.add(middle, block.forward().of(layers, prefix, middle)), two);
  }

  private <V> V normed(Layers<V> layers, V x, String name) {
    return layers.layerNorm(x, name, stack.epsilon());
  }

  private <V> V attended(Layers<V> layers, String prefix, V x, V keys) {
    SelfAttention attention = stack.block().attention();
    SelfAttention.Parts<V> parts = attention.parts(layers, prefix, x, stack.width());
    V own = bias(layers, prefix, x);
    V bias = own == null ? keys : keys == null ? own : layers.add(own, keys);
    V attended =
        bias == null
            ? layers.attention(parts.query(), parts.key(), parts.value(), stack.heads())
            : layers.attention(parts.query(), parts.key(), parts.value(), stack.heads(), bias);
    return attention.leave(layers, prefix, attended);
  }

  @Override
  public final boolean leavesOut(String name) {
    return others.test(name);
  }

  @Override
  public void close() {
    one.close();
  }
}
