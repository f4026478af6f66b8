package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;

/**
 * Vision transformers of ImageNet (Dosovitskiy et al. 2021) and DINO (Caron et al. 2021), by
 * transformers.
 */
public final class VitFamily implements TowerFamily {
  private static final int WIDTH = 768;

  @Override
  public String name() {
    return "vit";
  }

  @Override
  public String help() {
    return "ViT of ImageNet and DINO (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("vit-base-patch16-224", "vit"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("vit");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(
        new PixelSpec(
            List.of(0.5, 0.5, 0.5), List.of(0.5, 0.5, 0.5), Interpolation.BILINEAR, false, 1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    TransformerRecipe recipe =
        new TransformerRecipe(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            new Patches(
                "embeddings.patch_embeddings.projection",
                config.count("patch_size", 16),
                imageSize(config),
                true,
                false),
            List.of(Token.of("embeddings.cls_token")),
            Optional.of(new Positions("embeddings.position_embeddings", true, false, BICUBIC)),
            Optional.empty(),
            new Norms("", "layernorm", config.number("layer_norm_eps", 1e-12)),
            block(config, "gelu"),
            new Pool.Token(),
            Optional.empty());
    return new TransformerTower(recipe, height, width, VitFamily::isOther);
  }

  /**
   * The blocks of ViT, ViViT and AST.
   *
   * @param function of the feed-forward part where the file names none
   */
  static Block block(TowerConfig config, String function) {
    boolean biased = config.truth("qkv_bias", true);
    return block(
        config,
        new SelfAttention.Separate(
            "attention.attention.query",
            "attention.attention.key",
            "attention.attention.value",
            "attention.output.dense",
            biased,
            biased,
            biased,
            true),
        function);
  }

  /** The same with another attention. */
  static Block block(TowerConfig config, SelfAttention attention, String function) {
    return new Block(
        "encoder.layer.%d.",
        "layernorm_before",
        attention,
        "",
        "layernorm_after",
        new FeedForward.Plain(
            "intermediate.dense",
            "output.dense",
            config.count("intermediate_size", 4 * WIDTH),
            config.function("hidden_act", function)),
        "");
  }

  private static boolean isOther(String name) {
    return name.startsWith("pooler.") || name.equals("embeddings.mask_token");
  }
}
