package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameFoldersTest {
  @TempDir Path folder;

  private void frames(String video, int count) throws IOException {
    Path path = Files.createDirectories(folder.resolve("data").resolve(video));
    for (int i = 0; i < count; i++) {
      Files.write(path.resolve("f" + i + ".png"), TestImages.gradient(24, 20, "png"));
    }
    Files.writeString(path.resolve("notes.txt"), "no frame");
  }

  @Test
  void aFolderOfPicturesIsOneVideo() throws Exception {
    frames("train/run/clip 1", 12);
    frames("train/jump/clip 2", 11);
    frames("test/run/clip 3", 10);
    frames("unlabelled/camera", 9);
    Settings settings =
        SettingsLoader.parse(
            "data { modality = video, train = \""
                + folder.resolve("data")
                + "\" }, prepare.max-bad-fraction = 0.9, train.image-size = 16");
    SparkSession spark = LocalSpark.session();
    String out = folder.resolve("out").toString();
    Map<String, Object> metrics = PrepareStage.run(spark, settings, out);
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 2L, "test", 1L, "unlabelled", 1L));
    Row sample =
        SampleTable.read(spark, out).filter("id = 'train/run/clip 1'").collectAsList().get(0);
    assertThat(sample.<String>getAs("label")).isEqualTo("run");
    assertThat(sample.<Integer>getAs("width")).isEqualTo(24);
    assertThat(sample.<Double>getAs("seconds")).isEqualTo(12 / 12.5);
    try (SampleSource source = new SampleSource(new Configuration(), InputSpec.reading(settings))) {
      Decoded decoded = source.decode(new Sample("train/run/clip 1", 0, sample.getAs("reference")));
      assertThat(decoded.picture().height()).isEqualTo(20);
    }
    assertThat(metrics.get("left_out")).isEqualTo(Map.of("OTHER_TYPE", 4L));
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
  }

  @Test
  void tooManyBytesAreNotRead() throws IOException {
    frames("run/clip", 3);
    String clip = folder.resolve("data/run/clip").toString();
    assertThatThrownBy(() -> FrameFolders.read(clip, new Configuration(), 100))
        .isInstanceOfSatisfying(
            UnreadableSampleException.class,
            e -> assertThat(e.reason()).isEqualTo(UnreadableSampleException.Reason.TOO_MANY_BYTES));
  }
}
