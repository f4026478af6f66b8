package io.github.lsgspark.tower;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import java.util.List;
import java.util.Optional;

/**
 * TimeSformer with divided space-time attention (Bertasius et al. 2021), by transformers; its
 * vector is the class token.
 */
public final class TimesformerFamily implements VideoFamily {
  private static final int WIDTH = 768;
  private static final String DIVIDED = "divided_space_time";

  @Override
  public String name() {
    return "timesformer";
  }

  @Override
  public String help() {
    return "TimeSformer, divided attention (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("timesformer-base-finetuned-k400", "timesformer"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("timesformer");
  }

  @Override
  public Optional<PixelSpec> pixels(TowerConfig config) {
    return Optional.of(
        new PixelSpec(
            List.of(0.45, 0.45, 0.45),
            List.of(0.225, 0.225, 0.225),
            Interpolation.BILINEAR,
            true,
            1));
  }

  @Override
  public int imageSize(TowerConfig config) {
    return config.count("image_size", 224);
  }

  @Override
  public int frames(TowerConfig config) {
    return config.count("num_frames", 8);
  }

  @Override
  public Tower create(TowerConfig config, int frames, int height, int width) {
    String attention = config.text("attention_type", DIVIDED);
    if (!attention.equals(DIVIDED)) {
      throw LsgException.input(
          config.source() + ": attention_type must be " + DIVIDED + ", but is: " + attention);
    }
    return new TimesformerTower(
        new TimesformerRecipe(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            config.count("intermediate_size", 4 * WIDTH),
            config.count("patch_size", 16),
            config.truth("qkv_bias", true),
            config.function("hidden_act", "gelu"),
            config.number("layer_norm_eps", 1e-6)),
        frames,
        height,
        width);
  }
}
