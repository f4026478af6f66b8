package io.github.lsgspark.tower;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.tower.SoundEncoder.Stack;
import io.github.lsgspark.tower.TransformerRecipe.Block;
import java.util.Optional;

/** Encoders of Whisper (Radford et al. 2023), by transformers. */
public final class WhisperFamily implements SoundFamily {
  private static final int RATE = 16000;
  private static final int FFT = 400;
  private static final int HOP = 160;
  private static final int SECONDS = 30;
  private static final double HIGHEST = 8000;
  private static final double FLOOR = 1e-10;

  /** (log10 + 4) / 4, in decibels. */
  private static final double MEAN = -40;

  private static final double DEVIATION = 40;

  /** Eight powers of ten, in decibels. */
  private static final double RANGE = 80;

  @Override
  public String name() {
    return "whisper";
  }

  @Override
  public String help() {
    return "encoders of Whisper (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("whisper-tiny", "whisper"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("whisper");
  }

  private static int bands(TowerConfig config) {
    return config.count("num_mel_bins", 80);
  }

  private static int positions(TowerConfig config) {
    return config.count("max_source_positions", 1500);
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    int rate = extractor.count("sampling_rate", RATE);
    int fft = extractor.count("n_fft", FFT);
    int hop = extractor.count("hop_length", HOP);
    int samples = extractor.count("chunk_length", SECONDS) * rate;
    int bands = extractor.count("feature_size", bands(config));
    int frames = samples / hop;
    if (bands != bands(config) || frames != 2 * positions(config)) {
      throw new IllegalArgumentException(
          "feature_size = %d and %d frames must be num_mel_bins of config.json, %d, and twice its max_source_positions, %d"
              .formatted(bands, frames, bands(config), positions(config)));
    }
    MelSettings mel =
        new MelSettings(
            MelSettings.Kind.SLANEY,
            fft,
            fft,
            hop,
            bands,
            0,
            HIGHEST,
            FLOOR,
            MelSettings.Scale.DECIBEL,
            MEAN,
            DEVIATION);
    return new SoundSpec(rate, samples, SoundSpec.Fill.BEHIND, true, false, mel, frames, RANGE);
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    int d = config.count("d_model", 384);
    Block block =
        new Block(
            "encoder.layers.%d.",
            "self_attn_layer_norm",
            new SelfAttention.Separate(
                "self_attn.q_proj",
                "self_attn.k_proj",
                "self_attn.v_proj",
                "self_attn.out_proj",
                true,
                false,
                true,
                true),
            "",
            "final_layer_norm",
            new FeedForward.Plain(
                "fc1",
                "fc2",
                config.count("encoder_ffn_dim", 1536),
                config.function("activation_function", "gelu")),
            "");
    Stack stack =
        new Stack(
            d,
            config.count("encoder_layers", 4),
            config.count("encoder_attention_heads", 6),
            block,
            true,
            "encoder.layer_norm",
            1e-5,
            0);
    return new WhisperTower(stack, bands(config), positions(config));
  }
}
