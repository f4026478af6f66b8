package io.github.lsgspark.jobs;

import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioInputStream;
import javax.sound.sampled.AudioSystem;

/**
 * A small spectrogram transformer with drawn weights, as transformers writes it; and its sounds.
 */
final class TinyAst {
  private static final int RATE = 22050;

  private static final String CONFIG =
      """
      { "model_type": "audio-spectrogram-transformer", "hidden_size": 16, "intermediate_size": 32,
        "num_hidden_layers": 2, "num_attention_heads": 2, "max_length": 48, "num_mel_bins": 32 }
      """;

  static final String EXTRACTOR =
      """
      { "feature_extractor_type": "ASTFeatureExtractor", "sampling_rate": 16000, "max_length": 48,
        "num_mel_bins": 32, "do_normalize": true, "mean": -6.5, "std": 5.5 }
      """;

  private TinyAst() {}

  /** Writes config.json, preprocessor_config.json and model.safetensors. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("config.json"), CONFIG);
    Files.writeString(folder.resolve("preprocessor_config.json"), EXTRACTOR);
    TowerConfig config = TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json");
    try (Tower network = Towers.of(config, 32, 48);
        OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, network.initialWeights(1), Map.of());
    }
    return folder;
  }

  /**
   * Writes a WAV file of pieces of equal length.
   *
   * @param hertz of a tone over noise; 0: silence
   */
  static void sound(Path file, Random random, double seconds, double... hertz) throws IOException {
    Files.createDirectories(file.getParent());
    int each = (int) (seconds * RATE);
    byte[] samples = new byte[2 * each * hertz.length];
    for (int i = 0; i < samples.length / 2; i++) {
      double own = hertz[i / each];
      double noise = 0.05 * random.nextGaussian();
      double value = own == 0 ? 0 : 0.3 * Math.sin(2 * Math.PI * own * i / RATE) + noise;
      int rounded = (int) (32767 * Math.max(-1, Math.min(1, value)));
      samples[2 * i] = (byte) rounded;
      samples[2 * i + 1] = (byte) (rounded >> 8);
    }
    AudioFormat format = new AudioFormat(RATE, 16, 1, true, false);
    try (AudioInputStream stream =
        new AudioInputStream(new ByteArrayInputStream(samples), format, samples.length / 2)) {
      AudioSystem.write(stream, AudioFileFormat.Type.WAVE, file.toFile());
    }
  }
}
