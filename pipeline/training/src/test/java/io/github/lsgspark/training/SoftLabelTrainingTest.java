package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.head.SoftLabelTable;
import io.github.lsgspark.head.SoftLabelTable.Sparse;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training takes unlabelled samples for what the closed form takes them for. */
@Tag("long-4")
class SoftLabelTrainingTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel"
        drawn { image-size = 32, base-classes = 4, novel-classes = 4
                train-per-class = 6, test-per-class = 3 }
        label-budget = 2
      }
      head.unlabelled = balanced
      ssl.strategy = soft-labels
      lsg.enabled = false
      train { backbone = small-cnn, image-size = 32, device = cpu, precision = float32
              normalization = imagenet, global-batch = 4, iterations = 3, log-every = 1, layout = contiguous }
      """;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static HadoopFiles files;
  private static String prepared;
  private static String features;
  private static String head;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    prepared = folder.resolve("prepare").toString();
    features = folder.resolve("features").toString();
    head = folder.resolve("head").toString();
    Settings settings = SettingsLoader.parse(TINY);
    PrepareStage.run(spark, settings, prepared);
    FeaturesStage.run(spark, settings, prepared, Optional.empty(), features, Optional.empty());
    HeadStage.run(spark, settings, HeadStage.Inputs.of(prepared, features), head);
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static JsonNode train(String changes, Optional<String> start) {
    String out = folder.resolve("train" + changes.hashCode()).toString();
    TrainStage.run(
        spark,
        SettingsLoader.parse(TINY + changes),
        prepared,
        Optional.empty(),
        Optional.empty(),
        start,
        Optional.of(head),
        Optional.empty(),
        out,
        out + "-running");
    return Json.read(files, out + "/metrics.json");
  }

  @Test
  void theHeadWritesWhatItTakesUnlabelledSamplesFor() {
    Map<String, Sparse> labels = SoftLabelTable.read(spark, head);
    List<Sample> unlabelled = TrainStage.samples(spark, prepared, SampleTable.UNLABELLED);
    assertThat(labels.keySet())
        .containsExactlyInAnyOrderElementsOf(unlabelled.stream().map(Sample::id).toList());
    SoftTargets targets = SoftTargets.read(spark, head, unlabelled);
    for (int i = 0; i < unlabelled.size(); i++) {
      Sparse label = labels.get(unlabelled.get(i).id());
      double sum = 0;
      double most = 0;
      for (float p : label.probabilities()) {
        sum += p;
        most = Math.max(most, p);
      }
      assertThat(sum).isCloseTo(1, within(1e-5));
      // The weight is the largest probability.
      assertThat(label.weight()).isCloseTo((float) most, within(2e-3f));
      float[] row = targets.weighted(i, 4);
      double weighted = 0;
      for (float p : row) {
        weighted += p;
      }
      assertThat(weighted).isCloseTo(label.weight(), within(1e-5));
    }
  }

  @Test
  void allUnlabelledSamplesTrainTheClassifierFromEitherStart() {
    for (String start : List.of("head", "random")) {
      Optional<String> from = Optional.of(head).filter(dir -> start.equals("head"));
      JsonNode soft = train("train.start = " + start, from);
      JsonNode none = train("ssl.strategy = none, train.start = " + start, from);
      assertThat(soft.path("accepted_share").asDouble()).isEqualTo(1.0);
      // The same labelled images in the first step, and the unlabelled ones beside them.
      assertThat(first(soft)).isGreaterThan(first(none));
    }
  }

  private static double first(JsonNode metrics) {
    return metrics.path("loss").get(0).asDouble();
  }

  @Test
  void aHeadWithoutUnlabelledSamplesHasNoSoftLabels() {
    String bare = folder.resolve("bare").toString();
    Settings settings = SettingsLoader.parse(TINY + "head.unlabelled = none");
    HeadStage.run(spark, settings, HeadStage.Inputs.of(prepared, features), bare);
    List<Sample> unlabelled = TrainStage.samples(spark, prepared, SampleTable.UNLABELLED);
    assertThatThrownBy(() -> SoftTargets.read(spark, bare, unlabelled))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith(bare)
        .hasMessageContaining("head.unlabelled");
    assertThatThrownBy(() -> HeadStage.check(settings))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("ssl.strategy = soft-labels")
        .hasMessageContaining("head.unlabelled");
  }
}
