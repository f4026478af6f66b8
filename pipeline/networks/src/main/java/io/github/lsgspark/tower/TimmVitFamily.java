package io.github.lsgspark.tower;

import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Projection;
import io.github.lsgspark.tower.TransformerRecipe.Token;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** timm's vision transformers: ImageNet's, DINOv2's, CLIP's and SigLIP's towers of images. */
public final class TimmVitFamily implements TowerFamily {
  private static final int DINOV2 = 518;

  /** timm's SigLIP has the exact GELU, but for these. */
  private static final Pattern TANH =
      Pattern.compile(
          ".*_(base_patch32_siglip_256|large_patch16_siglip_512|so400m_patch16_siglip_.*|giantopt_.*)");

  @Override
  public String name() {
    return "vit-timm";
  }

  @Override
  public String help() {
    return "ViT of ImageNet, DINOv2, CLIP and SigLIP (timm)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.timm("vit_base_patch16_224"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.architecture().startsWith("vit_") && !TimmEvaFamily.isEva(config);
  }

  private static boolean is(TowerConfig config, String part) {
    return config.architecture().contains(part);
  }

  @Override
  public boolean comparesAngles(TowerConfig config) {
    return is(config, "_clip_") || is(config, "siglip");
  }

  @Override
  public int imageSize(TowerConfig config) {
    return TimmSizes.image(config, is(config, "dinov2") ? DINOV2 : 224);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    TowerConfig arguments = config.arguments();
    TimmSizes size = TimmSizes.of(config);
    int d = arguments.count("embed_dim", size.width);
    int heads = arguments.count("num_heads", size.heads);
    boolean clip = is(config, "_clip_");
    boolean siglip = is(config, "siglip");
    boolean dinov2 = is(config, "dinov2");
    boolean registers = is(config, "_reg4_");
    Activation function = function(config);
    int hidden = (int) (d * arguments.number("mlp_ratio", size.hidden));
    double epsilon = clip ? 1e-5 : 1e-6;
    Block block =
        new Block(
            "blocks.%d.",
            "norm1",
            SelfAttention.Packed.of("attn.qkv", "attn.proj"),
            dinov2 ? "ls1.gamma" : "",
            "norm2",
            dinov2 && size == TimmSizes.GIANT
                ? new FeedForward.Packed("mlp.fc1", "mlp.fc2", gated(d), Activation.SILU)
                : new FeedForward.Plain("mlp.fc1", "mlp.fc2", hidden, function),
            dinov2 ? "ls2.gamma" : "");
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            arguments.count("depth", size.depth),
            heads,
            new Patches(
                "patch_embed.proj", TimmSizes.patch(config), imageSize(config), !clip, false),
            tokens(siglip, registers),
            Optional.of(Positions.timm(!siglip && !registers)),
            Optional.empty(),
            new Norms(clip ? "norm_pre" : "", "norm", epsilon),
            block,
            siglip ? Pool.Attention.timm(d, heads, hidden, function, epsilon) : new Pool.Token(),
            clip ? projection(config) : Optional.empty());
    return new TransformerTower(recipe, height, width, name -> name.startsWith("head."));
  }

  /** Two thirds of four times d, as timm's factor 2.66667 · 2 says it for gate and values. */
  private static int gated(int d) {
    return (int) (d * 2.66667 * 2) / 2;
  }

  private static Activation function(TowerConfig config) {
    if (is(config, "quickgelu")) {
      return Activation.QUICK_GELU;
    }
    return TANH.matcher(config.architecture()).matches() ? Activation.GELU_TANH : Activation.GELU;
  }

  private static List<Token> tokens(boolean none, boolean registers) {
    if (none) {
      return List.of();
    }
    Token own = Token.of("cls_token");
    return registers ? List.of(own, new Token("reg_token", 4, false)) : List.of(own);
  }

  /**
   * What timm keeps as a classifier is the projection, unless the weights were fine-tuned: by their
   * publisher, as the tag says, or by somebody else to other classes.
   */
  static Optional<Projection> projection(TowerConfig config) {
    TowerConfig published = config.part("pretrained_cfg");
    int classes = config.countOrZero("num_classes", 0);
    String tag = published.text("tag", "");
    boolean tuned =
        tag.contains("_ft_")
            || tag.contains("in1k")
            || tag.contains("in12k")
            || classes != published.countOrZero("num_classes", classes);
    return classes == 0 || tuned
        ? Optional.empty()
        : Optional.of(new Projection("head", classes, true));
  }
}
