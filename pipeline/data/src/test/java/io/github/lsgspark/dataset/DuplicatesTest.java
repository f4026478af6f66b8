package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of the same bytes in several splits and classes. */
@Tag("long-4")
class DuplicatesTest {
  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private void picture(int side, String... places) throws Exception {
    for (String place : places) {
      Path file = folder.resolve("data").resolve(place);
      Files.createDirectories(file.getParent());
      Files.write(file, TestImages.gradient(side, 8, "png"));
    }
  }

  private void pictures() throws Exception {
    picture(8, "train/cat/1.png", "test/cat/1 copy.png");
    picture(9, "train/cat/2.png", "train/dog/2 again.png");
    picture(10, "train/dog/3.png", "val/dog/3.png");
    picture(11, "train/dog/4.png", "train/dog/4 again.png");
    picture(12, "train/cat/5.png");
    picture(13, "test/dog/6.png");
  }

  private Map<String, Object> prepare(String more) {
    return PrepareStage.run(
        spark,
        SettingsLoader.parse(
            "prepare.partitions = 2\ndata.train = \"" + folder.resolve("data") + "\"\n" + more),
        folder.resolve("out").toString());
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> duplicates(Map<String, Object> metrics) {
    return (Map<String, Object>) metrics.get("duplicates");
  }

  private List<String> rejected(String reason) {
    return spark
        .read()
        .parquet(folder.resolve("out/rejected").toString())
        .where("reason = '" + reason + "'")
        .orderBy("id")
        .collectAsList()
        .stream()
        .map(row -> row.<String>getAs("id"))
        .toList();
  }

  @Test
  void theyAreKeptAndReported() throws Exception {
    pictures();
    Map<String, Object> metrics = prepare("");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 7L, "validation", 1L, "test", 2L));
    Map<String, Object> found = duplicates(metrics);
    assertThat(found.get("contents")).isEqualTo(4);
    assertThat(found.get("across_splits"))
        .isEqualTo(Map.of("test+train", 1L, "train+validation", 1L));
    assertThat(found.get("under_two_labels")).isEqualTo(1L);
    assertThat(found.get("examples").toString())
        .contains("test/cat/1 copy.png (test, cat)", "train/cat/2.png (train, cat)")
        .doesNotContain("4 again");
  }

  @Test
  void oneOfEachStaysInTraining() throws Exception {
    pictures();
    Map<String, Object> metrics = prepare("data.duplicates = drop-train");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 3L, "validation", 1L, "test", 2L));
    assertThat(rejected("DUPLICATE"))
        .containsExactly(
            "train/cat/1.png", "train/dog/2 again.png", "train/dog/3.png", "train/dog/4.png");
    assertThat(metrics.get("rejected")).isEqualTo(Map.of("DUPLICATE", 4L));
    assertThat(duplicates(metrics).get("contents")).isEqualTo(0);
  }

  @Test
  void aDrawnTestSplitHoldsNoCopiesOfWhatIsTrainedOn() throws Exception {
    for (int i = 0; i < 6; i++) {
      picture(20 + i, "cat/" + i + ".png", "cat/" + i + " copy.png");
      picture(30 + i, "dog/" + i + ".png", "dog/" + i + " copy.png");
    }
    String drawn = "data { test-fraction = 0.5, duplicates = ";
    Map<String, Object> metrics = prepare(drawn + "drop-train }");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 6L, "test", 6L));
    assertThat(duplicates(metrics).get("across_splits")).isEqualTo(Map.of());
    assertThatThrownBy(() -> prepare(drawn + "fail }")).isInstanceOf(LsgException.class);
  }

  @Test
  void theyMayBeRefused() throws Exception {
    pictures();
    assertThatThrownBy(() -> prepare("data.duplicates = fail"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("data.duplicates = fail", "test/cat/1 copy.png", "test+train");
  }

  /** Labelled and unlabelled training samples may be the same: no result depends on it. */
  @Test
  void copiesWithinTrainingAreNoLeak() throws Exception {
    for (int i = 0; i < 4; i++) {
      picture(20 + i, "train/cat/" + i + ".png", "train/cat/" + i + " copy.png");
      picture(30 + i, "train/dog/" + i + ".png");
      picture(40 + i, "test/dog/" + i + ".png");
    }
    Map<String, Object> metrics = prepare("data { label-budget = 4, duplicates = fail }");
    assertThat(duplicates(metrics).get("contents")).isEqualTo(4);
  }

  @Test
  void oneClassIsRefused() throws Exception {
    picture(8, "train/cat/1.png", "test/cat/2.png");
    assertThatThrownBy(() -> prepare(""))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("holds one class, cat");
  }

  /** In the test split case and underscores may be others. */
  @Test
  void otherSplitsMaySpellClassesInAnotherWay() throws Exception {
    picture(8, "train/red fox/1.png", "train/Blue_Jay/2.png");
    picture(9, "test/Red Fox/3.png", "test/blue jay/4.png");
    Map<String, Object> metrics = prepare("");
    assertThat(metrics.get("classes")).isEqualTo(2);
    List<Row> test =
        SampleTable.read(spark, folder.resolve("out").toString())
            .where("split = 'test'")
            .orderBy("id")
            .collectAsList();
    assertThat(test).extracting(row -> row.getAs("label")).containsExactly("red fox", "Blue Jay");
  }
}
