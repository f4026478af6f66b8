package io.github.lsgspark.tower;

import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC;
import static io.github.lsgspark.torch.ArrayOps.Resampling.BICUBIC_ANTIALIAS;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** DINOv2 (Oquab et al. 2023), with and without registers (Darcet et al. 2023), by transformers. */
public final class Dinov2Family implements TowerFamily {
  private static final int WIDTH = 768;
  private static final int SIDE = 14;
  private static final int NATIVE = 518;
  private static final String REGISTERS = "dinov2_with_registers";

  @Override
  public String name() {
    return "dinov2";
  }

  @Override
  public String help() {
    return "DINOv2, with and without registers (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("dinov2-base", "dinov2"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("dinov2") || config.modelType().equals(REGISTERS);
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(TowerFamily.imageNet(Interpolation.BICUBIC, true, 224 / 256.0));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", NATIVE);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    boolean registers = config.modelType().equals(REGISTERS);
    int d = config.count("hidden_size", WIDTH);
    List<Token> tokens = new ArrayList<>();
    tokens.add(Token.of("embeddings.cls_token"));
    if (registers) {
      int count = config.count("num_register_tokens", 4);
      tokens.add(new Token("embeddings.register_tokens", count, false));
    }
    SelfAttention attention =
        SelfAttention.Separate.of(
            "attention.attention.query",
            "attention.attention.key",
            "attention.attention.value",
            "attention.output.dense");
    Block block =
        new Block(
            "encoder.layer.%d.",
            "norm1",
            attention,
            "layer_scale1.lambda1",
            "norm2",
            forward(config, d),
            "layer_scale2.lambda1");
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            new Patches(
                "embeddings.patch_embeddings.projection",
                config.count("patch_size", SIDE),
                imageSize(config),
                true,
                false),
            tokens,
            Optional.of(
                new Positions(
                    "embeddings.position_embeddings",
                    true,
                    false,
                    registers ? BICUBIC_ANTIALIAS : BICUBIC)),
            Optional.empty(),
            new Norms("", "layernorm", config.number("layer_norm_eps", 1e-6)),
            block,
            new Pool.Token(),
            Optional.empty());
    return new TransformerTower(recipe, height, width, "embeddings.mask_token"::equals);
  }

  private static FeedForward forward(TowerConfig config, int d) {
    int wide = (int) (d * config.number("mlp_ratio", 4));
    if (config.truth("use_swiglu_ffn", false)) {
      int hidden = (wide * 2 / 3 + 7) / 8 * 8;
      return new FeedForward.Packed("mlp.weights_in", "mlp.weights_out", hidden, Activation.SILU);
    }
    return new FeedForward.Plain("mlp.fc1", "mlp.fc2", wide, config.function("hidden_act", "gelu"));
  }
}
