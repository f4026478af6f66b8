package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists and tables that once were misread: each sample is taken, with its class and split. */
@Tag("real-data")
class SharedListCasesTest {
  private static final Path CASES = Path.of(System.getProperty("lsg.shared.dir"), "cases");

  private static SparkSession spark;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  private static Settings settings(String train, String test, String more) {
    return SettingsLoader.parse(
        "prepare.partitions = 2\ndata { train = \""
            + CASES.resolve(train)
            + "\", test = \""
            + (test.isEmpty() ? "" : CASES.resolve(test))
            + "\" }\n"
            + more);
  }

  private Map<String, Object> prepare(String train, String test, String more) {
    return PrepareStage.run(spark, settings(train, test, more), folder.toString());
  }

  private static String base() {
    return "data.root = \"" + CASES.resolve("base") + "\"\n";
  }

  private List<Row> samples() {
    return SampleTable.read(spark, folder.toString()).collectAsList();
  }

  private LabelSet labels() throws IOException {
    return LabelSet.fromJson(Files.readString(folder.resolve("labels.json")), "labels.json");
  }

  private List<SourceEntry> all(String train, String test, String more) {
    return SourceSplits.of(spark, settings(train, test, more).data(), true).entries();
  }

  @ParameterizedTest
  @ValueSource(strings = {"header.txt", "nohead.csv", "spaced.txt", "train.csv"})
  void everyLineOfAListIsASample(String train) {
    List<SourceEntry> entries = all("a08/" + train, "a08/test.txt", base());
    assertThat(entries).filteredOn(entry -> entry.split().equals("train")).hasSize(18);
    assertThat(entries)
        .hasSize(27)
        .allMatch(entry -> entry.id().contains("/" + entry.label() + "/"))
        .allMatch(entry -> Files.exists(Path.of(entry.location())));
  }

  @Test
  void labelsThatAreNumbersGetTheirNames() throws IOException {
    Path names =
        Files.writeString(folder.resolve("names.csv"), "8,blue jay\n9,green frog\n10,red fox\n");
    prepare("a08/numtrain.txt", "a08/numtest.txt", base() + "labels.names = \"" + names + "\"");
    assertThat(labels().toString()).isEqualTo("[blue jay, green frog, red fox]");
    assertThat(samples())
        .hasSize(27)
        .allSatisfy(
            row -> assertThat(row.<String>getAs("id")).contains("/" + row.getAs("label") + "/"));
    assertThat(all("a08/numtrain.txt", "a08/numtest.txt", base()))
        .extracting(SourceEntry::label)
        .containsOnly("8", "9", "10");
  }

  @Test
  void aLabelsFileMayHoldDescriptionsAndClassesWithoutSamples() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("l.csv"),
            Files.readString(CASES.resolve("a08/labels.csv")) + "dodo,gone\n");
    Map<String, Object> metrics =
        prepare("a08/train.csv", "a08/test.csv", base() + "labels.file = \"" + file + "\"");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 18L, "test", 9L));
    assertThat(metrics.get("classes_without_training_sample")).isEqualTo(List.of("dodo"));
    assertThat(labels().label(0).description()).isEqualTo("x");
  }

  @Test
  void filesOfTheHubAreSplitByTheirNames() {
    assertThat(prepare("a15-hf", "", "").get("splits")).isEqualTo(Map.of("train", 18L, "test", 9L));
    assertThat(samples())
        .hasSize(27)
        .allSatisfy(
            row ->
                assertThat(row.<String>getAs("id"))
                    .matches(row.getAs("split") + "-00000-of-00001[.]parquet#\\d+"));
    assertThat(all("a15d-hfsplit", "", ""))
        .hasSize(27)
        .allMatch(entry -> entry.id().startsWith(entry.split() + "_"));
  }

  @Test
  void rowsOfOnePathAreSamplesOfTheirOwn() {
    assertThat(all("a15b-samepath", "", "data.test-fraction = 0.5"))
        .extracting(SourceEntry::id)
        .hasSize(18)
        .doesNotHaveDuplicates()
        .allMatch(id -> id.startsWith("train.parquet#"));
  }

  @Test
  void aListOfBarePathsIsNoListOfTrainingSamples() {
    assertThatThrownBy(() -> prepare("pred/paths.txt", "", ""))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining("paths.txt:1: needs a path and a label");
    String paths = CASES.resolve("pred/paths.txt").toString();
    assertThat(new ListFile(spark.sparkContext().hadoopConfiguration(), "").readFlat(paths, "x"))
        .extracting(SourceEntry::id)
        .containsExactly("flat/0.jpg", "flat/1.jpg", "flat/2.jpg", "flat/3.jpg");
  }
}
