package io.github.lsgspark.tower;

import io.github.lsgspark.config.SoundSpec;
import java.util.Optional;

/** Wav2vec 2.0 (Baevski et al. 2020) and XLS-R (Babu et al. 2022), by transformers. */
public final class Wav2Vec2Family implements SoundFamily {
  @Override
  public String name() {
    return "wav2vec2";
  }

  @Override
  public String help() {
    return "wav2vec 2.0 and XLS-R (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("wav2vec2-base", "wav2vec2"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("wav2vec2");
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    return WaveRecipe.sound(config, extractor, false, true);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    WaveRecipe recipe =
        WaveRecipe.of(config, false, true, WaveRecipe.onePosition(config, false), Optional.empty());
    return new WaveTower(recipe, width);
  }
}
