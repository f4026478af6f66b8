package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;

/**
 * CLIP's tower of images (Radford et al. 2021), by transformers; its vector is the projected one.
 */
public final class ClipFamily implements TowerFamily {
  private static final int WIDTH = 768;
  private static final int PROJECTED = 512;
  private static final String MODEL = "vision_model.";
  private static final String EMBEDDINGS = MODEL + "embeddings.";

  @Override
  public String name() {
    return "clip";
  }

  @Override
  public String help() {
    return "CLIP, its images' side (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("clip-vit-base-patch32", "clip"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("clip") || config.modelType().equals("clip_vision_model");
  }

  @Override
  public boolean comparesAngles(TowerConfig config) {
    return true;
  }

  private static TowerConfig vision(TowerConfig config) {
    return config.modelType().equals("clip") ? config.part("vision_config") : config;
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(
        new PixelSpec(
            List.of(0.48145466, 0.4578275, 0.40821073),
            List.of(0.26862954, 0.26130258, 0.27577711),
            Interpolation.BICUBIC,
            true,
            1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return vision(config).count("image_size", 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    TowerConfig vision = vision(config);
    int d = vision.count("hidden_size", WIDTH);
    Block block =
        block(
            MODEL + "encoder.layers.%d.",
            vision.count("intermediate_size", 4 * WIDTH),
            vision.function("hidden_act", "quick_gelu"));
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            vision.count("num_hidden_layers", 12),
            vision.count("num_attention_heads", 12),
            new Patches(
                EMBEDDINGS + "patch_embedding",
                vision.count("patch_size", 32),
                imageSize(config),
                false,
                false),
            List.of(new Token(EMBEDDINGS + "class_embedding", 1, true)),
            Optional.of(
                new Positions(EMBEDDINGS + "position_embedding.weight", true, true, BICUBIC)),
            Optional.empty(),
            new Norms(
                MODEL + "pre_layrnorm",
                MODEL + "post_layernorm",
                vision.number("layer_norm_eps", 1e-5)),
            block,
            new Pool.Token(),
            Optional.of(
                new Projection(
                    "visual_projection", config.count("projection_dim", PROJECTED), false)));
    return new TransformerTower(recipe, height, width, ClipFamily::isOther);
  }

  /**
   * The blocks of CLIP, SigLIP and X-CLIP.
   *
   * @param prefix of their names, with %d for the number
   * @param hidden numbers within the feed-forward part
   */
  static Block block(String prefix, int hidden, Activation function) {
    return new Block(
        prefix,
        "layer_norm1",
        attention(),
        "",
        "layer_norm2",
        new FeedForward.Plain("mlp.fc1", "mlp.fc2", hidden, function),
        "");
  }

  /** The attention of CLIP's and SigLIP's blocks. */
  static SelfAttention attention() {
    return SelfAttention.Separate.of(
        "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj", "self_attn.out_proj");
  }

  /** The side of the texts, and what compares both. */
  static boolean isOther(String name) {
    return name.startsWith("text_model.")
        || name.startsWith("text_projection.")
        || name.startsWith("logit_")
        || name.endsWith(".position_ids");
  }
}
