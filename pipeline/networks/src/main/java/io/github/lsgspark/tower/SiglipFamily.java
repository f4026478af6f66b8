package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;
import static io.github.lsgspark.torch.ArrayOps.Resampling.BILINEAR_ANTIALIAS;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import java.util.List;
import java.util.Optional;

/**
 * SigLIP's and SigLIP 2's tower of images (Zhai et al. 2023, Tschannen et al. 2025), by
 * transformers. NaFlex, which takes images of any shape, sees squares here as others do.
 */
public final class SiglipFamily implements TowerFamily {
  private static final int WIDTH = 768;
  private static final int NAFLEX_PLACES = 256;
  private static final String MODEL = "vision_model.";
  private static final String EMBEDDINGS = MODEL + "embeddings.";

  @Override
  public String name() {
    return "siglip";
  }

  @Override
  public String help() {
    return "SigLIP and SigLIP 2, their images' side (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("siglip-base-patch16-224", "siglip"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().startsWith("siglip") && !config.modelType().endsWith("_text_model");
  }

  @Override
  public boolean comparesAngles(TowerConfig config) {
    return true;
  }

  private static TowerConfig vision(TowerConfig config) {
    return config.modelType().endsWith("_vision_model") ? config : config.part("vision_config");
  }

  private static boolean isFlexible(TowerConfig config) {
    return config.modelType().startsWith("siglip2");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(
        new PixelSpec(
            List.of(0.5, 0.5, 0.5),
            List.of(0.5, 0.5, 0.5),
            isFlexible(config) ? Interpolation.BILINEAR : Interpolation.BICUBIC,
            false,
            1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    TowerConfig vision = vision(config);
    if (!isFlexible(config)) {
      return vision.count("image_size", 224);
    }
    int side = (int) Math.round(Math.sqrt(vision.count("num_patches", NAFLEX_PLACES)));
    return side * vision.count("patch_size", 16);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    TowerConfig vision = vision(config);
    boolean flexible = isFlexible(config);
    int d = vision.count("hidden_size", WIDTH);
    int heads = vision.count("num_attention_heads", 12);
    int hidden = vision.count("intermediate_size", 4 * WIDTH);
    double epsilon = vision.number("layer_norm_eps", 1e-6);
    Activation function = vision.function("hidden_act", "gelu_pytorch_tanh");
    Block block = ClipFamily.block(MODEL + "encoder.layers.%d.", hidden, function);
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            vision.count("num_hidden_layers", 12),
            heads,
            new Patches(
                EMBEDDINGS + "patch_embedding",
                vision.count("patch_size", 16),
                imageSize(config),
                true,
                flexible),
            List.of(),
            Optional.of(
                new Positions(
                    EMBEDDINGS + "position_embedding.weight",
                    false,
                    true,
                    flexible ? BILINEAR_ANTIALIAS : BICUBIC)),
            Optional.empty(),
            new Norms("", MODEL + "post_layernorm", epsilon),
            block,
            Pool.Attention.siglip(MODEL + "head.", d, heads, hidden, function, epsilon),
            Optional.empty());
    return new TransformerTower(recipe, height, width, ClipFamily::isOther);
  }
}
