package io.github.lsgspark.tower;

import io.github.lsgspark.backbone.LayerOutput;
import io.github.lsgspark.backbone.LayerOutputs;
import io.github.lsgspark.backbone.Layers;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Form;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * X-CLIP's network of videos (Ni et al. 2022, section 3.2): an image transformer in whose blocks
 * the frames tell each other a message, and a small transformer over the frames' vectors.
 */
final class XClipTower extends Tower {
  private static final String TIMES = "mit.position_embedding";

  private final TransformerRecipe recipe;
  private final Integration integration;
  private final int frames;
  private final PatchEmbedding embedding;
  private final Projection projection;

  /**
   * The transformer over frames.
   *
   * @param depth blocks
   */
  record Integration(int depth, Form form, Block block) {}

  /**
   * @param recipe of the transformer of images
   * @param own frames of the clips that the weights are for
   * @param frames of each clip
   * @throws LsgException exit 2 for another number of frames, and sides that patches do not cover
   */
  XClipTower(
      TransformerRecipe recipe,
      Integration integration,
      int own,
      int frames,
      int height,
      int width) {
    if (frames != own) {
      throw LsgException.usage(
          "video.frames: this network is for clips of %d frames alone, but was: %d"
              .formatted(own, frames));
    }
    this.recipe = recipe;
    this.integration = integration;
    this.frames = frames;
    this.embedding =
        new PatchEmbedding(recipe, PatchGrid.ofImages(recipe.patches(), height, width), false);
    this.projection = recipe.projection().orElseThrow();
    listShapes();
  }

  private void listShapes() {
    int d = recipe.width();
    embedding.shapes(shapes);
    shapes.layerNorm(recipe.norms().before(), d);
    for (int i = 0; i < recipe.depth(); i++) {
      String prefix = recipe.block().prefix(i);
      shapes.linear(prefix + "message_fc", d, d);
      shapes.layerNorm(prefix + "message_ln", d);
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        shapes.linear(prefix + "message_attn." + part, d, d);
      }
      recipe.block().shapes(shapes, prefix, d);
    }
    shapes.layerNorm(recipe.norms().after(), d);
    shapes.matrix(projection.name(), projection.width(), d, projection.biased());
    shapes.array(TIMES, 1, frames, projection.width());
    for (int i = 0; i < integration.depth(); i++) {
      Block block = integration.block();
      block.shapes(shapes, block.prefix(i), projection.width());
    }
  }

  @Override
  public int featureDimension() {
    return projection.width();
  }

  @Override
  public List<Layer> layers() {
    List<Layer> layers = new ArrayList<>();
    layers.add(Layer.of("stem", "vision_model.embeddings", recipe.norms().before()));
    for (int i = 0; i < recipe.depth(); i++) {
      layers.add(Layer.of(Block.layer(i), named(recipe.block(), i)));
    }
    layers.add(
        new Layer(
            "top", List.of("norm"), List.of(recipe.norms().after(), projection.name(), "mit")));
    return layers;
  }

  private static String named(Block block, int number) {
    String prefix = block.prefix(number);
    return prefix.substring(0, prefix.length() - 1);
  }

  /** The vector that is compared with texts. */
  @Override
  public List<String> featureLayers() {
    return List.of(LayerOutput.FEATURES);
  }

  @Override
  <V> V features(Layers<V> layers, V clips, LayerOutputs<V> outputs, BiConsumer<String, V> see) {
    double epsilon = recipe.norms().epsilon();
    V x = embedding.of(layers, layers.framesAsImages(clips));
    x = layers.layerNorm(x, recipe.norms().before(), epsilon);
    see.accept("embeddings", x);
    for (int i = 0; i < recipe.depth(); i++) {
      String prefix = recipe.block().prefix(i);
      x = layers.segment(x, input -> withMessage(layers, prefix, input));
      see.accept(Block.layer(i), x);
    }
    V pooled = layers.layerNorm(layers.firstToken(x), recipe.norms().after(), epsilon);
    V vectors = layers.linear(pooled, projection.name(), projection.biased());
    V sequence = layers.reshape(vectors, -1, frames, projection.width());
    V y = layers.addParameter(sequence, TIMES);
    for (int i = 0; i < integration.depth(); i++) {
      Block block = integration.block();
      String prefix = block.prefix(i);
      y =
          layers.segment(
              y, input -> block.of(layers, prefix, input, integration.form(), part -> part));
      see.accept("mit." + i, y);
    }
    V integrated = layers.add(y, sequence);
    see.accept("tokens", integrated);
    V mean = layers.mean(integrated, 1);
    see.accept("pooled", mean);
    return layers.vectors(mean);
  }

  /** A block that sees one more token, which it does not keep: what the other frames say. */
  private <V> V withMessage(Layers<V> layers, String prefix, V x) {
    int d = recipe.width();
    V said =
        layers.reshape(layers.linear(layers.firstToken(x), prefix + "message_fc"), -1, frames, d);
    String attention = prefix + "message_attn.";
    V normed = layers.layerNorm(said, prefix + "message_ln", recipe.norms().epsilon());
    V heard =
        layers.attention(
            layers.linear(normed, attention + "q_proj"),
            layers.linear(normed, attention + "k_proj"),
            layers.linear(normed, attention + "v_proj"),
            recipe.heads());
    V message = layers.add(said, layers.linear(heard, attention + "out_proj"));
    V more = layers.prepend(x, layers.reshape(message, -1, 1, d));
    V seen = recipe.block().of(layers, prefix, more, recipe.form(), part -> part);
    return layers.narrow(seen, 1, 0, embedding.length());
  }

  @Override
  public HostArray fitted(String name, HostArray array) {
    return embedding.fitted(name, array);
  }

  /** The side of the texts, what compares both, and what adapts texts to a video. */
  @Override
  public boolean leavesOut(String name) {
    return ClipFamily.isOther(name) || name.startsWith("prompts_");
  }

  @Override
  public void close() {
    embedding.close();
  }
}
