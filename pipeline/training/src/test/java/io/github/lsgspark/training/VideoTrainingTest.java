package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.media.ClipWriter;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.ComputeDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From video files to a trained model that scores clips. */
@Tag("long-6")
class VideoTrainingTest {
  private static final int SIDE = 32;
  private static final int FRAMES = 12;
  private static final int CLIPS = 10;

  @TempDir Path folder;

  /** A bar that wanders to the right, or to the left: any one frame may be of either. */
  private static byte[] wandering(boolean right, int start) {
    List<DecodedImage> frames = new ArrayList<>();
    for (int t = 0; t < FRAMES; t++) {
      byte[] rgb = new byte[3 * SIDE * SIDE];
      int left = Math.floorMod(start + (right ? 3 : -3) * t, SIDE);
      for (int y = 0; y < SIDE; y++) {
        for (int x = left; x < left + 8; x++) {
          int at = 3 * (y * SIDE + x % SIDE);
          Arrays.fill(rgb, at, at + 3, (byte) 230);
        }
      }
      frames.add(new DecodedImage(SIDE, SIDE, rgb));
    }
    return ClipWriter.mp4(frames, 10);
  }

  @Test
  void aNetworkLearnsWhichWayThingsMove() throws Exception {
    for (boolean right : new boolean[] {false, true}) {
      Path label = Files.createDirectories(folder.resolve("videos/" + (right ? "right" : "left")));
      for (int i = 0; i < CLIPS; i++) {
        // The content counts, whatever the name says.
        String name = "clip" + i + (i == 0 ? ".jpg" : ".mp4");
        Files.write(label.resolve(name), wandering(right, 3 * i));
      }
    }
    byte[] whole = wandering(true, 0);
    Files.write(folder.resolve("videos/left/cut.mp4"), Arrays.copyOf(whole, whole.length / 2));
    SparkSession spark = LocalSpark.session();
    Settings settings =
        SettingsLoader.parse(
            """
            data { modality = video, train = "%s", test-fraction = 0.1 }
            video { frames = 8, frame-rate = 10, short-side = 24, clips = 2 }
            prepare.max-bad-fraction = 0.1
            train {
              backbone = r3d-18, image-size = 24, iterations = 16, global-batch = 8, views = 1
              replicas = 1, precision = float32, learning-rate = 0.005, head-multiplier = 1
              log-every = 1
              augmentation { crop-scale-min = 1, flip = false }
            }
            lsg.enabled = false
            """
                .formatted(folder.resolve("videos")));
    Map<String, Object> prepared =
        PrepareStage.run(spark, settings, folder.resolve("prepare").toString());
    assertThat(prepared.get("rejected")).isEqualTo(Map.of("TRUNCATED", 1L));
    Path out = folder.resolve("train");
    TrainStage.run(
        spark,
        settings,
        folder.resolve("prepare").toString(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        out.toString(),
        out + "-running");
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    JsonNode losses = Json.read(files, out + "/metrics.json").path("loss");
    double late = 0;
    for (int step = losses.size() - 3; step < losses.size(); step++) {
      late += losses.get(step).asDouble() / 3;
    }
    // Without an eye for time the loss stays at ln 2.
    assertThat(late).isLessThan(0.4);
    assertThat(out.resolve("model.torchscript.pt")).isNotEmptyFile();
    try (TrainedModel model =
        TrainedModel.load(
            files, out.toString(), TrainedModel.LAST, settings.prepare(), ComputeDevice.cpu())) {
      float[] one = view(1);
      float[] other = view(2);
      float[][] logits =
          model
              .score(new float[][] {both(one, other), both(one, one), both(other, other)})
              .logits();
      assertThat(logits).hasDimensions(3, 2);
      // Features of a clip's views are averaged, and logits are linear in them.
      for (int c = 0; c < 2; c++) {
        assertThat(Math.abs(logits[1][c] - logits[2][c])).isGreaterThan(0.01f);
        float mean = (logits[1][c] + logits[2][c]) / 2;
        assertThat(logits[0][c]).isCloseTo(mean, within(1e-4f));
      }
    }
  }

  private static float[] view(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] view = new float[3 * 8 * 24 * 24];
    for (int i = 0; i < view.length; i++) {
      view[i] = (float) (seed * random.nextGaussian());
    }
    return view;
  }

  private static float[] both(float[] one, float[] other) {
    float[] views = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, views, one.length, other.length);
    return views;
  }
}
