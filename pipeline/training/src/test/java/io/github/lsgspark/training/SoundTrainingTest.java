package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.media.SoundWriter;
import io.github.lsgspark.dataset.media.TestSounds;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.ComputeDevice;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of sounds through the stages: prepared, learned with guidance, and recognised. */
@Tag("long-2")
class SoundTrainingTest {
  private static final int[] HERTZ = {300, 900, 2700};
  private static final String[] CLASSES = {"low tone", "middle tone", "high tone"};

  @TempDir Path folder;

  private Path file(String split, int label, String name) throws Exception {
    Path parent = Files.createDirectories(folder.resolve("sounds").resolve(split));
    return Files.createDirectories(parent.resolve(CLASSES[label])).resolve(name);
  }

  private void write() throws Exception {
    for (int label = 0; label < CLASSES.length; label++) {
      for (int i = 0; i < 6; i++) {
        double hertz = HERTZ[label] * (1 + 0.02 * i);
        float[] tone = TestSounds.tone(hertz, 0.5 + 0.1 * i, 22050);
        byte[] content =
            i % 2 == 0
                ? TestSounds.wav(22050, tone, tone)
                : SoundWriter.encoded("mp3", "libmp3lame", Map.of(), 22050, tone);
        Files.write(file(i < 5 ? "train" : "test", label, i + ".sound"), content);
      }
    }
    Files.write(file("train", 0, "silent.wav"), TestSounds.wav(16000, new float[16000]));
  }

  @Test
  void tonesAreLearnedFromFiles() throws Exception {
    write();
    SparkSession spark = LocalSpark.session();
    TinyTraining training =
        new TinyTraining(
            spark,
            folder.resolve("work"),
            """
            data { modality = audio, train = "%s", label-budget = "100%%" }
            prepare.max-bad-fraction = 0.2
            audio { seconds = 0.8, clips = 2 }
            prompts { train = 3, heldout = 0 }
            embedding.encoder = lexical
            embedding.lexical { dimensions = 4, features = 512 }
            graph.edge-ratio = 0.3
            gcn { iterations = 5, evaluate-every = 5 }
            train { backbone = cnn14-small, iterations = 40, global-batch = 6, precision = float32
                    learning-rate = 0.01, log-every = 1
                    augmentation.views = weak-strong }
            """
                .formatted(folder.resolve("sounds")));
    Row rejected =
        spark.read().parquet(training.path("prepare") + "/" + SampleTable.REJECTED).first();
    assertThat(rejected.<String>getAs("reason")).isEqualTo("SILENT");
    training.run("", "train");
    JsonNode losses = training.metrics("train").path("loss");
    assertThat(losses.isEmpty()).isFalse();
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    try (TrainedModel model =
        TrainedModel.load(
            files,
            training.path("train"),
            TrainedModel.LAST,
            SettingsLoader.parse("").prepare(),
            ComputeDevice.cpu())) {
      assertThat(model.modality().evaluationViews()).isEqualTo(2);
      for (int label = 0; label < CLASSES.length; label++) {
        byte[] sound = Files.readAllBytes(file("test", label, "5.sound"));
        float[] views = model.views(model.modality().decode(sound));
        float[] logits = model.score(new float[][] {views}).logits()[0];
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
          best = logits[i] > logits[best] ? i : best;
        }
        assertThat(SampleTable.labels(files, training.path("prepare")).label(best).name())
            .isEqualTo(CLASSES[label]);
      }
    }
  }
}
