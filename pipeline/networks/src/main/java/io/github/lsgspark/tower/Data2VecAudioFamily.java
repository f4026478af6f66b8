package io.github.lsgspark.tower;

import io.github.lsgspark.config.SoundSpec;
import java.util.Optional;

/** Data2vec (Baevski et al. 2022) of sounds, by transformers. */
public final class Data2VecAudioFamily implements SoundFamily {
  @Override
  public String name() {
    return "data2vec-audio";
  }

  @Override
  public String help() {
    return "data2vec of sounds (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("data2vec-audio-base", "data2vec-audio"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("data2vec-audio");
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    return WaveRecipe.sound(config, extractor, true, true);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    WaveRecipe recipe =
        WaveRecipe.of(config, true, true, WaveRecipe.severalPositions(config), Optional.empty());
    return new WaveTower(recipe, width);
  }
}
