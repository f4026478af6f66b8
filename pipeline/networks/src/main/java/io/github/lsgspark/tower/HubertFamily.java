package io.github.lsgspark.tower;

import io.github.lsgspark.config.SoundSpec;
import java.util.Optional;

/** HuBERT (Hsu et al. 2021), by transformers. */
public final class HubertFamily implements SoundFamily {
  @Override
  public String name() {
    return "hubert";
  }

  @Override
  public String help() {
    return "HuBERT (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("hubert-base-ls960", "hubert"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("hubert");
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    return WaveRecipe.sound(config, extractor, false, true);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    boolean normsBatch = config.truth("conv_pos_batch_norm", false);
    WaveRecipe recipe =
        WaveRecipe.of(
            config,
            false,
            config.truth("feat_proj_layer_norm", true),
            WaveRecipe.onePosition(config, normsBatch),
            Optional.empty());
    return new WaveTower(recipe, width);
  }
}
