package io.github.lsgspark.tower;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import io.github.lsgspark.tower.TransformerRecipe.Norms;
import io.github.lsgspark.tower.TransformerRecipe.Patches;
import io.github.lsgspark.tower.TransformerRecipe.Tubelets;
import java.util.List;
import java.util.Optional;

/**
 * VideoMAE (Tong et al. 2022), by transformers: pre-trained, whose vector is the mean of the
 * tokens, and fine-tuned, whose vector is what its classifier saw.
 */
public final class VideoMaeFamily implements VideoFamily {
  private static final int WIDTH = 768;

  /** Of the normalisation behind the mean, whatever the file says of others. */
  private static final double MEAN_EPSILON = 1e-5;

  @Override
  public String name() {
    return "videomae";
  }

  @Override
  public String help() {
    return "VideoMAE, pre-trained and fine-tuned (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("videomae-base", "videomae"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("videomae");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(TowerFamily.imageNet(Interpolation.BILINEAR, true, 1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public int frames(TowerConfig config) {
    return config.count("num_frames", 16);
  }

  @Override
  public Tower create(TowerConfig config, int frames, int height, int width) {
    double epsilon = config.number("layer_norm_eps", 1e-12);
    boolean means = config.truth("use_mean_pooling", true);
    boolean classifies = config.isOf("ForVideoClassification", means);
    Pool pool =
        !classifies
            ? new Pool.Mean("", epsilon)
            : means ? new Pool.Mean("fc_norm", MEAN_EPSILON) : new Pool.Token();
    TransformerRecipe recipe =
        new TransformerRecipe(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            Patches.of(
                "embeddings.patch_embeddings.projection",
                config.count("patch_size", 16),
                imageSize(config),
                new Tubelets(config.count("tubelet_size", 2), frames(config), true, true)),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            new Norms("", means ? "" : "layernorm", epsilon),
            block(config),
            pool,
            Optional.empty());
    return TransformerTower.ofClips(recipe, frames, height, width, VideoMaeFamily::isOther);
  }

  /** Keys have no bias, and those of queries and values are tensors of their own. */
  private static Block block(TowerConfig config) {
    return config.truth("qkv_bias", true)
        ? VitFamily.block(
            config,
            new SelfAttention.BiasesApart(
                "attention.attention.query",
                "attention.attention.key",
                "attention.attention.value",
                "attention.output.dense",
                "attention.attention.q_bias",
                "attention.attention.v_bias"),
            "gelu")
        : VitFamily.block(config, "gelu");
  }

  /** What the masked patches were drawn by. */
  private static boolean isOther(String name) {
    return name.startsWith("decoder.")
        || name.startsWith("encoder_to_decoder.")
        || name.equals("mask_token");
  }
}
