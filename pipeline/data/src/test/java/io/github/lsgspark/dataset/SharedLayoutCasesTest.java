package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders that once were misread: each picture is taken, with its class and split, or refused. */
@Tag("real-data")
class SharedLayoutCasesTest {
  private static final Path CASES = Path.of(System.getProperty("lsg.shared.dir"), "cases");

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private Map<String, Object> prepare(String train, String more) {
    return PrepareStage.run(
        spark,
        SettingsLoader.parse(
            "prepare.partitions = 2\ndata.train = \"" + CASES.resolve(train) + "\"\n" + more),
        folder.toString());
  }

  private void refused(String train, String more, String... messages) {
    assertThatThrownBy(() -> prepare(train, more))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(messages);
  }

  @ParameterizedTest
  @CsvSource({
    "a01-caps, 18, 9, 3, 0",
    "a02-wrapped.zip, 18, 9, 3, 0",
    "a04-hidden, 18, 9, 3, 7",
    "a05-names, 33, 9, 3, 0",
    "a12-odd, 20, 10, 10, 0"
  })
  void everyPictureIsTaken(String train, long training, long test, int classes, int leftOut) {
    Map<String, Object> metrics = prepare(train, "");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", training, "test", test));
    assertThat(metrics.get("classes")).isEqualTo(classes);
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
    assertThat(metrics.get("files_seen")).isEqualTo((int) (training + test) + leftOut);
    Row rejected =
        spark
            .read()
            .parquet(folder.resolve(SampleTable.REJECTED).toString())
            .selectExpr("count(*)")
            .first();
    assertThat(rejected.getLong(0)).isEqualTo(leftOut);
  }

  /** Whatever folders, lines and rows say of labels and splits. */
  @ParameterizedTest
  @CsvSource({
    "a01-caps, 27",
    "a02-wrapped.zip, 27",
    "a04-hidden, 27",
    "a05-names, 42",
    "a15-hf, 27",
    "a15b-samepath, 18",
    "a15d-hfsplit, 27",
    "a08/test.txt, 9",
    "a08/train.csv, 18"
  })
  void withoutLabelsEverythingIsASample(String train, long samples) {
    String more = "data { layout = unlabelled, root = \"" + CASES.resolve("base") + "\" }";
    Map<String, Object> metrics =
        prepare(train, train.contains("/") ? more : "data.layout = unlabelled");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("unlabelled", samples));
    assertThat(metrics.get("classes")).isEqualTo(0);
    assertThat(metrics.get("rejected")).isEqualTo(Map.of());
  }

  @Test
  void noFolderIsEnteredTwice() {
    // A copy of the case may hold a small file in the place of the link.
    Map<String, Object> metrics = prepare("a06c-loop", "");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 18L, "test", 9L));
    assertThat(metrics.get("files_seen")).isEqualTo(28);
  }

  @Test
  void aClassMayBeCalledTrain() {
    refused("a03-trainclass", "data.test-fraction = 0.2", "data.layout", "train/", "bus/");
    Map<String, Object> metrics =
        prepare("a03-trainclass", "data { test-fraction = 0.2, layout = classes }");
    assertThat(metrics.get("files")).isEqualTo(19);
    assertThat(metrics.get("per_class").toString()).contains("bus=", "car=", "train=");
  }

  @Test
  void foldersBesideSplitsAreRefused() {
    refused("a10-dev", "", "extra/ (15 files)", "data.layout");
    Map<String, Object> metrics = prepare("a10-dev", "data.layout = splits");
    assertThat(metrics.get("splits"))
        .isEqualTo(Map.of("train", 18L, "validation", 12L, "test", 9L));
    assertThat(metrics.get("left_out")).isEqualTo(Map.of("OTHER_FOLDER", 15L));
  }

  @ParameterizedTest
  @CsvSource({"mixed, 4", "camera, 2", "deep, 2", "flat.zip, 4", "paths.txt, 4"})
  void predictionsTakeEverything(String input, int files) {
    SourceListing listing = new SourceListing(spark, SettingsLoader.parse("data.train = x").data());
    String source = CASES.resolve("pred").resolve(input).toString();
    assertThat(listing.listFlat(source, SampleTable.UNLABELLED).entries()).hasSize(files);
  }

  @Test
  void noFileIsInTwoSplits() {
    String copies = "data.test = \"" + CASES.resolve("base/train") + "\"";
    refused("base/train", copies, "18 files are in two splits", "data.test");
  }
}
