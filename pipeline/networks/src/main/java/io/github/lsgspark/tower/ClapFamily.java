package io.github.lsgspark.tower;

import io.github.lsgspark.config.AudioSettings.MelSettings;
import io.github.lsgspark.config.AudioSettings.MelSettings.Kind;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.SoundSpec.Fill;
import java.util.List;
import java.util.Optional;

/**
 * Sound towers of CLAP (Wu et al. 2023): HTS-AT (Chen et al. 2022), by transformers. Files that
 * fuse several stretches of longer sounds are read, too; they see one.
 */
public final class ClapFamily implements SoundFamily {
  private static final String ENCODER = "audio_model.audio_encoder.";
  private static final int RATE = 48000;
  private static final int FFT = 1024;
  private static final int HOP = 480;
  private static final int SECONDS = 10;
  private static final double LOWEST = 50;
  private static final double HIGHEST = 14000;
  private static final double FLOOR = 1e-10;
  private static final String FUSION = "fusion";

  @Override
  public String name() {
    return "clap";
  }

  @Override
  public String help() {
    return "sound towers of CLAP (transformers)";
  }

  @Override
  public Optional<TowerExample> example() {
    return Optional.of(TowerExample.transformers("clap-htsat-unfused", "clap"));
  }

  @Override
  public boolean reads(TowerConfig config) {
    return config.modelType().equals("clap") || config.modelType().equals("clap_audio_model");
  }

  private static TowerConfig audio(TowerConfig config) {
    return config.modelType().equals("clap") ? config.part("audio_config") : config;
  }

  private static int bands(TowerConfig config) {
    return audio(config).count("num_mel_bins", 64);
  }

  @Override
  public SoundSpec sound(TowerConfig config, TowerConfig extractor) {
    boolean published = extractor.node().isEmpty();
    boolean fuses = audio(config).truth("enable_fusion", false);
    String truncation = extractor.text("truncation", published && !fuses ? "" : FUSION);
    int rate = extractor.count("sampling_rate", RATE);
    int fft = extractor.count("fft_window_size", FFT);
    int bands = extractor.count("feature_size", bands(config));
    if (bands != bands(config)) {
      throw new IllegalArgumentException(
          "feature_size = %d must be num_mel_bins of config.json, %d"
              .formatted(bands, bands(config)));
    }
    int samples = extractor.count("max_length_s", SECONDS) * rate;
    MelSettings mel =
        new MelSettings(
            truncation.equals(FUSION) ? Kind.HTK : Kind.SLANEY,
            fft,
            fft,
            extractor.count("hop_length", HOP),
            bands,
            extractor.number("frequency_min", published ? LOWEST : 0),
            extractor.number("frequency_max", HIGHEST),
            FLOOR,
            MelSettings.Scale.DECIBEL,
            0,
            1);
    return new SoundSpec(rate, samples, fill(extractor), true, false, mel, mel.frames(samples), 0);
  }

  private static Fill fill(TowerConfig extractor) {
    String padding = extractor.text("padding", "repeatpad");
    return switch (padding) {
      case "repeatpad" -> Fill.REPEAT_WHOLE;
      case "repeat" -> Fill.REPEAT;
      case "pad" -> Fill.BEHIND;
      default ->
          throw LsgException.input(
              extractor.source()
                  + ": padding must be repeatpad, repeat or pad, but is: "
                  + padding);
    };
  }

  @Override
  public Tower create(TowerConfig config, int height, int width) {
    TowerConfig audio = audio(config);
    int patch = audio.count("patch_size", 4);
    if (audio.count("patch_stride", patch) != patch) {
      throw LsgException.input(
          "%s: patch_stride must be patch_size, %d, but is: %s"
              .formatted(config.source(), patch, audio.node().get("patch_stride")));
    }
    if (!audio.truth("enable_patch_layer_norm", true)) {
      throw LsgException.input(
          config.source() + ": enable_patch_layer_norm must be true, but is: false");
    }
    List<List<Integer>> stages =
        audio.stages(new int[] {2, 2, 6, 2}, "num_attention_heads", 4, 8, 16, 32);
    SwinRecipe recipe =
        new SwinRecipe(
            stages.get(0),
            stages.get(1),
            audio.count("patch_embeds_hidden_size", 96),
            1,
            patch,
            audio.count("window_size", 8),
            false,
            audio.number("mlp_ratio", 4),
            audio.function("hidden_act", "gelu"),
            SwinFamily.names(
                ENCODER + "patch_embed.",
                "proj",
                ENCODER + "layers.%d.",
                ENCODER + "norm",
                audio.truth("qkv_bias", true)),
            audio.number("layer_norm_eps", 1e-5));
    return new ClapTower(
        recipe,
        new ClapTower.Picture(height, width, audio.count("spec_size", 256)),
        config.count("projection_dim", 512),
        config.function("projection_hidden_act", "relu"),
        ClapFamily::isOther);
  }

  /**
   * The tower of texts, the fusion of stretches, counters, and the places of relative positions,
   * which follow from the window.
   */
  private static boolean isOther(String name) {
    return name.startsWith("text_")
        || name.startsWith("logit_scale_")
        || name.startsWith(ENCODER + "patch_embed.fusion_model.")
        || name.startsWith(ENCODER + "patch_embed.mel_conv2d.")
        || name.endsWith(".relative_position_index")
        || name.endsWith(".num_batches_tracked");
  }
}
