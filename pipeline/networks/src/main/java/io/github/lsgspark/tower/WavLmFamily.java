package io.github.lsgspark.tower;

import io.github.lsgspark.config.SoundSpec;
import java.util.Optional;

/** WavLM (Chen et al. 2022), by transformers. */
public final class WavLmFamily implements SoundFamily {
  @Override
  public String name() {
    return "wavlm";
  }

  @Override
  public String help() {
    return "WavLM (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("wavlm-base", "wavlm"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("wavlm");
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    // As published: the large network's samples are normalised, the others' are not.
    return WaveRecipe.sound(config, extractor, false, WaveRecipe.normsEach(config));
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    WaveRecipe.Gates gates =
        new WaveRecipe.Gates(
            config.count("num_buckets", 320), config.count("max_bucket_distance", 800));
    WaveRecipe recipe =
        WaveRecipe.of(
            config, false, true, WaveRecipe.onePosition(config, false), Optional.of(gates));
    return new WaveTower(recipe, width);
  }
}
