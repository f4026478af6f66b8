package io.github.lsgspark.tower;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.tower.SoundEncoder.Stack;
import java.util.Optional;

/** Audio spectrogram transformers (Gong et al. 2021), by transformers. */
public final class AstFamily implements SoundFamily {
  private static final int WIDTH = 768;
  private static final int RATE = 16000;
  private static final int WINDOW = 400;
  private static final int HOP = 160;
  private static final int FFT = 512;
  private static final double LOWEST = 20;

  /** The distance of 1 from the next float: what Kaldi takes for silence. */
  private static final double FLOOR = 0x1p-23;

  /** Of AudioSet. */
  private static final double MEAN = -4.2677393;

  private static final double DEVIATION = 4.5689974;

  @Override
  public String name() {
    return "ast";
  }

  @Override
  public String help() {
    return "audio spectrogram transformers, AST (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(
        TowerExample.transformers("ast-finetuned-audioset-10-10", "audio-spectrogram-transformer"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("audio-spectrogram-transformer");
  }

  private static int bands(TowerConfig config) {
    return config.count("num_mel_bins", 128);
  }

  private static int frames(TowerConfig config) {
    return config.count("max_length", 1024);
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    int bands = extractor.count("num_mel_bins", bands(config));
    int frames = extractor.count("max_length", frames(config));
    if (bands != bands(config) || frames != frames(config)) {
      throw new IllegalArgumentException(
          "num_mel_bins = %d and max_length = %d must be those of config.json, %d and %d"
              .formatted(bands, frames, bands(config), frames(config)));
    }
    int rate = extractor.count("sampling_rate", RATE);
    boolean normalizes = extractor.truth("do_normalize", true);
    MelSettings mel =
        new MelSettings(
            MelSettings.Kind.KALDI,
            WINDOW,
            FFT,
            HOP,
            bands,
            LOWEST,
            rate / 2,
            FLOOR,
            MelSettings.Scale.NATURAL,
            normalizes ? extractor.number("mean", MEAN) : 0,
            // As its authors have it, by twice the deviation.
            normalizes ? 2 * extractor.number("std", DEVIATION) : 1);
    int samples = Math.max(FFT, WINDOW + (frames - 1) * HOP);
    return new SoundSpec(rate, samples, SoundSpec.Fill.FRAMES, true, false, mel, frames, 0);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    Stack stack =
        new Stack(
            config.count("hidden_size", WIDTH),
            config.count("num_hidden_layers", 12),
            config.count("num_attention_heads", 12),
            VitFamily.block(config, "gelu"),
            true,
            "layernorm",
            config.number("layer_norm_eps", 1e-12),
            2);
    AstTower.Patches patches =
        new AstTower.Patches(
            config.count("patch_size", 16),
            config.count("frequency_stride", 10),
            config.count("time_stride", 10));
    return new AstTower(stack, patches, height, width);
  }
}
