package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import io.github.lsgspark.tower.TransformerRecipe.Rotation;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;

/**
 * timm's transformers with rotary positions: EVA-02 (Fang et al. 2023), DINOv3 (Siméoni et al.
 * 2025), the perception encoder's PE core (Bolya et al. 2025).
 */
public final class TimmEvaFamily implements TowerFamily {
  private static final double EVA_RATIO = 4 * 2 / 3.0;
  private static final double TEMPERATURE = 10_000;
  private static final double DINOV3_BASE = 100;
  private static final int EVA_REFERENCE = 16;

  private enum Kind {
    EVA02,
    DINOV3,
    PE_CORE
  }

  @Override
  public String name() {
    return "eva";
  }

  @Override
  public String help() {
    return "EVA-02, DINOv3 and PE core (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("eva02_base_patch14_224"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return isEva(config);
  }

  static boolean isEva(TowerConfig config) {
    return kind(config).isPresent();
  }

  private static Optional<Kind> kind(TowerConfig config) {
    String name = config.architecture();
    if (name.startsWith("eva02_")) {
      return Optional.of(Kind.EVA02);
    }
    if (name.startsWith("vit_pe_core_")) {
      return Optional.of(Kind.PE_CORE);
    }
    return name.startsWith("vit_") && name.contains("_dinov3")
        ? Optional.of(Kind.DINOV3)
        : Optional.empty();
  }

  @Override
  public boolean comparesAngles(TowerConfig config) {
    return kind(config).filter(Kind.PE_CORE::equals).isPresent();
  }

  @Override
  public int imageSize(TowerConfig config) {
    return TimmSizes.image(config, kind(config).orElseThrow() == Kind.DINOV3 ? 256 : 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    Kind kind = kind(config).orElseThrow();
    TowerConfig arguments = config.arguments();
    TimmSizes size = TimmSizes.of(config);
    int d = arguments.count("embed_dim", size.width);
    int heads = arguments.count("num_heads", size.heads);
    boolean dinov3 = kind == Kind.DINOV3;
    boolean pe = kind == Kind.PE_CORE;
    double epsilon = kind == Kind.EVA02 ? 1e-6 : 1e-5;
    Block block =
        new Block(
            "blocks.%d.",
            "norm1",
            attention(kind, size, config.architecture()),
            dinov3 ? "gamma_1" : "",
            "norm2",
            forward(kind, size, d, epsilon),
            dinov3 ? "gamma_2" : "");
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            arguments.count("depth", size.depth),
            heads,
            new Patches("patch_embed.proj", TimmSizes.patch(config), imageSize(config), !pe, false),
            dinov3
                ? List.of(Token.of("cls_token"), new Token("reg_token", 4, false))
                : List.of(Token.of("cls_token")),
            dinov3 ? Optional.empty() : Optional.of(Positions.timm(true)),
            Optional.of(rotation(kind, config)),
            new Norms(pe ? "norm_pre" : "", kind == Kind.EVA02 ? "" : "norm", epsilon),
            block,
            pool(kind, config, d, epsilon),
            pe ? TimmVitFamily.projection(config) : Optional.<Projection>empty());
    return new TransformerTower(recipe, height, width, name -> name.startsWith("head."));
  }

  private static SelfAttention attention(Kind kind, TimmSizes size, String name) {
    String out = "attn.proj";
    return switch (kind) {
      case PE_CORE -> SelfAttention.Packed.of("attn.qkv", out);
      case DINOV3 ->
          name.contains("qkvb")
              ? new SelfAttention.Packed("attn.qkv", false, "attn.q_bias", "attn.v_bias", out)
              : new SelfAttention.Packed("attn.qkv", false, "", "", out);
      case EVA02 ->
          isLargeEva(size)
              ? new SelfAttention.Separate(
                  "attn.q_proj", "attn.k_proj", "attn.v_proj", out, true, false, true, true)
              : new SelfAttention.Packed("attn.qkv", false, "attn.q_bias", "attn.v_bias", out);
    };
  }

  private static boolean isLargeEva(TimmSizes size) {
    return size == TimmSizes.BASE || size == TimmSizes.LARGE;
  }

  private static FeedForward forward(Kind kind, TimmSizes size, int d, double epsilon) {
    if (kind == Kind.EVA02) {
      int hidden = (int) (d * EVA_RATIO);
      return isLargeEva(size)
          ? new FeedForward.Gated(
              "mlp.fc1_g", "mlp.fc1_x", "mlp.fc2", hidden, Activation.SILU, "mlp.norm", epsilon)
          : new FeedForward.Packed("mlp.fc1", "mlp.fc2", hidden, Activation.SILU);
    }
    int hidden = (int) (d * size.hidden);
    boolean plus = size == TimmSizes.SMALL_PLUS || size == TimmSizes.HUGE_PLUS;
    return kind == Kind.DINOV3 && plus
        ? new FeedForward.Gated("mlp.fc1_g", "mlp.fc1_x", "mlp.fc2", hidden, Activation.SILU, "", 0)
        : new FeedForward.Plain("mlp.fc1", "mlp.fc2", hidden, Activation.GELU);
  }

  private Rotation rotation(Kind kind, TowerConfig config) {
    if (kind == Kind.DINOV3) {
      return grid -> Rotary.halves(grid, DINOV3_BASE);
    }
    boolean pe = kind == Kind.PE_CORE;
    int side = pe ? imageSize(config) / TimmSizes.patch(config) : EVA_REFERENCE;
    int[] reference = config.arguments().pair("ref_feat_shape", side, side);
    return grid -> Rotary.pairs(grid, TEMPERATURE, reference, pe ? 1 : 0, pe);
  }

  private static Pool pool(Kind kind, TowerConfig config, int d, double epsilon) {
    return switch (kind) {
      case EVA02 -> new Pool.Mean("fc_norm", epsilon);
      case PE_CORE ->
          Pool.Attention.timm(
              d,
              config.arguments().count("attn_pool_num_heads", 8),
              4 * d,
              Activation.GELU,
              epsilon);
      case DINOV3 ->
          config.text("global_pool", "avg").equals("token")
              ? new Pool.Token()
              : new Pool.Mean("", epsilon);
    };
  }
}
