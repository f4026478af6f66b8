package io.github.lsgspark.features;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.ViewKind;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.TowerDirectory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * From a sound file to the vector of a public network, with nothing said but its directory: as the
 * public extractor and the public network make them.
 */
@Tag("real-data")
class SoundNetworkTest {
  private static final Path TOWERS =
      Path.of(System.getProperty("lsg.shared.dir")).resolve("towers-av");

  private static final double TOLERANCE = 5e-5;

  @ParameterizedTest
  @CsvSource({
    // folder, rate, sounds whose features the golden has, their features, the vectors
    "ast_hf, 16000, 0, features, pooler_output, 5e-5",
    "ast_hf, 16000, 1, features, pooler_output, 5e-5",
    "whisper_hf, 16000, 0, features, mean, 2e-5",
    "whisper_hf, 16000, 1, features, mean, 2e-5",
    "wav2vec2_group_hf, 16000, 0, features, mean, 1e-6",
    "wav2vec2_group_hf, 16000, 2, alt1.features, alt1.mean, 1e-6",
    "wav2vec2_layer_hf, 16000, 0, features, mean, 1e-6",
    "hubert_hf, 16000, 0, features, mean, 1e-6",
    "wavlm_hf, 16000, 0, features, mean, 1e-6",
    "wavlm_hf, 16000, 2, alt1.features, alt1.mean, 1e-6",
    "data2vec_audio_hf, 16000, 0, features, mean, 1e-6",
    "clap_hf, 48000, 0, features, audio_embeds, 5e-4",
    "clap_hf, 48000, 1, features, audio_embeds, 5e-4"
  })
  void aFileBecomesTheVectorOfThePublicCode(
      String folder, int rate, int sound, String features, String vectors, double tolerance) {
    Path directory = TOWERS.resolve(folder);
    Map<String, HostArray> golden = Safetensors.map(directory.resolve("golden.safetensors"));
    float[] samples = golden.get("waveform_" + sound).floats();
    Settings settings =
        SettingsLoader.parse(
            """
            data.modality = audio
            train { backbone = auto, weights = "%s" }
            audio.seconds = %s
            features.layers = [features]
            """
                .formatted(directory, (double) samples.length / rate));
    byte[] content =
        TowerDirectory.content(new HadoopFiles(new Configuration()), directory.toString());
    FrozenNetwork network = FrozenNetwork.of(settings, content, folder);
    Modality modality = network.input().open(settings.prepare());
    float[] view = new float[modality.length()];
    Decoded decoded = decoded(modality, wav(rate, samples));
    modality.write(decoded, ViewKind.EVALUATION, 0, FloatBuffer.wrap(view));
    int row = vectors.startsWith("alt") ? 0 : sound;
    close(view(golden.get(features), row, folder), view, tolerance);
    close(row(golden.get(vectors), row), PlainForward.forward(network, view), TOLERANCE);
  }

  private static Decoded decoded(Modality modality, byte[] file) {
    try {
      return modality.decode(file);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static float[] row(HostArray array, int row) {
    float[] values = array.floats();
    int length = values.length / (int) array.shape()[0];
    return Arrays.copyOfRange(values, row * length, (row + 1) * length);
  }

  /** A row of the public extractor's features as a view; AST and CLAP have bands innermost. */
  private static float[] view(HostArray features, int row, String folder) {
    float[] values = row(features, row);
    if (!folder.startsWith("ast") && !folder.startsWith("clap")) {
      return values;
    }
    int bands = (int) features.shape()[features.shape().length - 1];
    int frames = values.length / bands;
    float[] view = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      view[i % bands * frames + i / bands] = values[i];
    }
    return view;
  }

  private static void close(float[] expected, float[] actual, double tolerance) {
    assertThat(actual).hasSameSizeAs(expected);
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference / largest).isLessThan(tolerance);
  }

  /** A WAV file of floats. */
  private static byte[] wav(int rate, float[] samples) {
    ByteBuffer bytes = ByteBuffer.allocate(44 + 4 * samples.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 4 * samples.length);
    bytes.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    bytes.putShort((short) 3).putShort((short) 1).putInt(rate).putInt(4 * rate);
    bytes.putShort((short) 4).putShort((short) 32);
    bytes.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(4 * samples.length);
    for (float sample : samples) {
      bytes.putFloat(sample);
    }
    return bytes.array();
  }
}
