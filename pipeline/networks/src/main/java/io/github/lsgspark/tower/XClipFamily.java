package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Form;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;

/**
 * X-CLIP's side of videos (Ni et al. 2022), by transformers; its vector is the one that is compared
 * with texts.
 */
public final class XClipFamily implements VideoFamily {
  private static final int WIDTH = 768;
  private static final int PROJECTED = 512;
  private static final String MODEL = "vision_model.";
  private static final String EMBEDDINGS = MODEL + "embeddings.";

  @Override
  public String name() {
    return "xclip";
  }

  @Override
  public String help() {
    return "X-CLIP, its videos' side (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("xclip-base-patch32", "xclip"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("xclip");
  }

  private static TowerConfig vision(TowerConfig config) {
    return config.part("vision_config");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(TowerFamily.imageNet(Interpolation.BILINEAR, true, 1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return vision(config).count("image_size", 224);
  }

  @Override
  public int frames(TowerConfig config) {
    return vision(config).count("num_frames", 8);
  }

  @Override
  public Tower create(TowerConfig config, int frames, int height, int width) {
    TowerConfig vision = vision(config);
    int projected = config.count("projection_dim", PROJECTED);
    int d = vision.count("hidden_size", WIDTH);
    Activation function = vision.function("hidden_act", "quick_gelu");
    double epsilon = vision.number("layer_norm_eps", 1e-5);
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
            new Norms(MODEL + "pre_layernorm", MODEL + "post_layernorm", epsilon),
            ClipFamily.block(
                MODEL + "encoder.layers.%d.",
                vision.count("intermediate_size", 4 * WIDTH),
                function),
            new Pool.Token(),
            Optional.of(new Projection("visual_projection", projected, false)));
    XClipTower.Integration integration =
        new XClipTower.Integration(
            vision.count("mit_num_hidden_layers", 1),
            new Form(projected, vision.count("mit_num_attention_heads", 8), epsilon),
            ClipFamily.block(
                "mit.encoder.layers.%d.",
                vision.count("mit_intermediate_size", 4 * PROJECTED), function));
    return new XClipTower(recipe, integration, frames(config), frames, height, width);
  }
}
