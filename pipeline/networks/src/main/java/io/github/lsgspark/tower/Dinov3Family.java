package io.github.lsgspark.tower;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;

/** DINOv3's vision transformers (Siméoni et al. 2025), by transformers. */
public final class Dinov3Family implements TowerFamily {
  private static final int WIDTH = 384;
  private static final int HIDDEN = 1536;

  @Override
  public String name() {
    return "dinov3";
  }

  @Override
  public String help() {
    return "DINOv3 ViT, rotary positions and registers (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("dinov3-vits16", "dinov3_vit"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("dinov3_vit");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(published());
  }

  /** The whole image as a square. */
  static PixelSpec published() {
    return TowerFamily.imageNet(Interpolation.BILINEAR, false, 1);
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    double base = config.number("rope_theta", 100);
    SelfAttention attention =
        new SelfAttention.Separate(
            "attention.q_proj",
            "attention.k_proj",
            "attention.v_proj",
            "attention.o_proj",
            config.truth("query_bias", true),
            config.truth("key_bias", false),
            config.truth("value_bias", true),
            config.truth("proj_bias", true));
    Block block =
        new Block(
            "layer.%d.",
            "norm1",
            attention,
            "layer_scale1.lambda1",
            "norm2",
            forward(config),
            "layer_scale2.lambda1");
    TransformerRecipe recipe =
        new TransformerRecipe(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 6),
            new Patches(
                "embeddings.patch_embeddings",
                config.count("patch_size", 16),
                imageSize(config),
                true,
                false),
            tokens(config),
            Optional.empty(),
            Optional.of(grid -> Rotary.halves(grid, base)),
            new Norms("", "norm", config.number("layer_norm_eps", 1e-5)),
            block,
            new Pool.Token(),
            Optional.empty());
    return new TransformerTower(recipe, height, width, "embeddings.mask_token"::equals);
  }

  private static List<Token> tokens(TowerConfig config) {
    Token own = Token.of("embeddings.cls_token");
    int registers = config.countOrZero("num_register_tokens", 0);
    return registers == 0
        ? List.of(own)
        : List.of(own, new Token("embeddings.register_tokens", registers, false));
  }

  private static FeedForward forward(TowerConfig config) {
    int hidden = config.count("intermediate_size", HIDDEN);
    Activation function = config.function("hidden_act", "gelu");
    return config.truth("use_gated_mlp", false)
        ? new FeedForward.Gated(
            "mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", hidden, function, "", 0)
        : new FeedForward.Plain("mlp.up_proj", "mlp.down_proj", hidden, function);
  }
}
