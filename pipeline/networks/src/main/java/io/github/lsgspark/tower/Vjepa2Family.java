package io.github.lsgspark.tower;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.torch.Activation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Form;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Tubelets;
import java.util.List;
import java.util.Optional;

/**
 * V-JEPA 2 (Assran et al. 2025), by transformers: its encoder, whose vector is the mean of the
 * tokens, and with the attentive pooler of its classifiers. Rotary positions follow the clip's own
 * rows and columns, as in the authors' code.
 */
public final class Vjepa2Family implements VideoFamily {
  private static final int WIDTH = 1024;
  private static final double BASE = 10_000;

  @Override
  public String name() {
    return "vjepa2";
  }

  @Override
  public String help() {
    return "V-JEPA 2, its encoder and attentive pooler (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("vjepa2-vitl-fpc64-256", "vjepa2"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("vjepa2");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    int side = imageSize(config);
    double share = side / Math.floor(side * 256.0 / 224);
    return Optional.of(TowerFamily.imageNet(Interpolation.BILINEAR, true, share));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("crop_size", 256);
  }

  @Override
  public int frames(TowerConfig config) {
    return config.count("frames_per_clip", 64);
  }

  @Override
  public Tower create(TowerConfig config, int frames, int height, int width) {
    int d = config.count("hidden_size", WIDTH);
    int heads = config.count("num_attention_heads", 16);
    double epsilon = config.number("layer_norm_eps", 1e-6);
    Activation function = config.function("hidden_act", "gelu");
    boolean biased = config.truth("qkv_bias", true);
    boolean pools = config.isOf("ForVideoClassification", false);
    FeedForward forward =
        new FeedForward.Plain(
            "mlp.fc1", "mlp.fc2", (int) (d * config.number("mlp_ratio", 4)), function);
    Block block =
        new Block(
            "encoder.layer.%d.",
            "norm1",
            new SelfAttention.Separate(
                "attention.query",
                "attention.key",
                "attention.value",
                "attention.proj",
                biased,
                biased,
                biased,
                true),
            "",
            "norm2",
            forward,
            "");
    TransformerRecipe recipe =
        new TransformerRecipe(
            d,
            config.count("num_hidden_layers", 24),
            heads,
            Patches.of(
                "encoder.embeddings.patch_embeddings.proj",
                config.count("patch_size", 16),
                imageSize(config),
                new Tubelets(config.count("tubelet_size", 2), frames(config), false, false)),
            List.of(),
            Optional.empty(),
            Optional.of(grid -> Rotary.axes(grid, BASE)),
            new Norms("", "encoder.layernorm", epsilon),
            block,
            pools
                ? new AttentivePooler(
                    new Form(d, heads, epsilon),
                    config.countOrZero("num_pooler_layers", 3),
                    function)
                : new Pool.Mean("", epsilon),
            Optional.empty());
    return TransformerTower.ofClips(recipe, frames, height, width, Vjepa2Family::isOther);
  }

  /** What the features of hidden patches were predicted by. */
  private static boolean isOther(String name) {
    return name.startsWith("predictor.");
  }
}
