package io.github.lsgspark.dataset;

import static io.github.lsgspark.dataset.PrepareRuns.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.dataset.image.TestImages;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which split a sample gets: by budgets, drawn shares and classes that are to be unseen. */
class PreparedSplitsTest {
  private static SparkSession spark;

  @TempDir Path folder;
  private PrepareRuns runs;

  @BeforeAll
  static void start() {
    spark = LocalSpark.session();
  }

  @BeforeEach
  void makeRuns() {
    runs = new PrepareRuns(spark, folder);
  }

  @Test
  void budgetsAreDrawnPerClassBySeed() throws Exception {
    String root = runs.classFolders(10).toString();
    String budget = "data { label-budget = 3, validation-fraction = 0.2 }\nseed = ";
    runs.run(settings(root, budget + 1), "a");
    runs.run(settings(root, budget + "1\nprepare.partitions = 3"), "b");
    runs.run(settings(root, budget + 2), "c");
    Map<String, Long> splits =
        runs.samples("a").stream()
            .collect(Collectors.groupingBy(row -> row.getAs("split"), Collectors.counting()));
    assertThat(splits)
        .isEqualTo(Map.of("train", 9L, "unlabelled", 15L, "validation", 6L, "test", 30L));
    assertThat(runs.splitsById("b")).isEqualTo(runs.splitsById("a"));
    assertThat(runs.splitsById("c")).isNotEqualTo(runs.splitsById("a"));
  }

  @Test
  void aTestSplitIsDrawnOnceForAllSeeds() throws Exception {
    String train = runs.classFolders(10).resolve("train").toString();
    String shares =
        "data { test-fraction = 0.3, validation-fraction = 0.3, label-budget = 2 }\nseed = ";
    Map<String, Object> metrics = runs.run(settings(train, shares + 1), "a");
    assertThat(metrics.get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 9L, "validation", 6L, "test", 9L));
    assertThat(metrics.get("per_class").toString()).containsPattern("(test=3.*){3}");
    runs.run(settings(train, shares + 2), "b");
    runs.run(settings(train, shares + "1\ndata.test-seed = 2"), "c");
    assertThat(runs.splitsById("b")).isNotEqualTo(runs.splitsById("a"));
    assertThat(testIds("b")).hasSize(9).isEqualTo(testIds("a")).isNotEqualTo(testIds("c"));
    // A source with a test split keeps it.
    runs.run(settings(folder.resolve("data").toString(), shares + 1), "own");
    assertThat(testIds("own")).hasSize(30).allMatch(id -> id.startsWith("test/"));
  }

  @Test
  void noTrainingSampleOfAnUnseenClassKeepsItsLabel() throws Exception {
    Path root = runs.classFolders(10);
    Path validation = Files.createDirectories(root.resolve("validation/snow owl"));
    Files.write(validation.resolve("v.png"), TestImages.gradient(9, 9, "png"));
    Path names = Files.writeString(folder.resolve("unseen.txt"), "Snow_Owl\n");
    String keys =
        "data { label-budget = 3, validation-fraction = 0.2, unseen-classes.file = \""
            + names
            + "\" }\n";
    Map<String, Object> metrics = runs.run(settings(root.toString(), keys), "out");
    assertThat(metrics.get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 10L + 11L, "validation", 4L, "test", 30L));
    assertThat(metrics.get("unseen_classes")).isEqualTo(List.of("snow owl"));
    assertThat(metrics.get("classes_without_training_sample")).isEqualTo(List.of("snow owl"));
    assertThat(metrics.get("per_class").toString())
        .contains("snow owl={test=10, unlabelled=11}", "red panda={test=10, train=3");
    assertThat(SampleTable.labels(new HadoopFiles(new Configuration()), path("out")).size())
        .isEqualTo(3);
    // The truth stays, as that of other unlabelled samples.
    assertThat(runs.samples("out"))
        .filteredOn(row -> row.<String>getAs("split").equals("unlabelled"))
        .extracting(row -> row.<String>getAs("label"))
        .contains("snow owl");
    // The other classes keep the labels that they have without unseen ones.
    runs.run(
        settings(root.toString(), "data { label-budget = 3, validation-fraction = 0.2 }"), "all");
    assertThat(runs.splitsById("out").entrySet())
        .filteredOn(entry -> !entry.getKey().contains("snow owl"))
        .isSubsetOf(runs.splitsById("all").entrySet());

    String without = "data.unseen-classes.keep-unlabelled = false";
    assertThat(runs.run(settings(root.toString(), keys + without), "without").get("splits"))
        .isEqualTo(Map.of("train", 6L, "unlabelled", 10L, "validation", 4L, "test", 30L));
  }

  @Test
  void anUnseenClassHasItsShareOfADrawnTestSplit() throws Exception {
    String train = runs.classFolders(10).resolve("train").toString();
    Map<String, Object> metrics =
        runs.run(
            settings(train, "data { test-fraction = 0.3, unseen-classes.count = 1 }\nseed = 4"),
            "out");
    assertThat(metrics.get("splits")).isEqualTo(Map.of("train", 14L, "unlabelled", 7L, "test", 9L));
    assertThat(metrics.get("unseen_classes")).asList().hasSize(1);
  }

  private String path(String out) {
    return folder.resolve(out).toString();
  }

  private Set<String> testIds(String out) {
    return runs.splitsById(out).entrySet().stream()
        .filter(entry -> entry.getValue().equals("test"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
