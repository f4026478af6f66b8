package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.training.HeadStage;
import io.github.lsgspark.training.TrainStage;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drawn classes, twelve of sixty without a label. Their names are made of words that other classes
 * have too, so text prototypes can tell them, and those of a one-hot graph cannot.
 */
@Tag("long-6")
class UnseenClassesTrainingTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final HadoopFiles FILES = new HadoopFiles(new Configuration());
  private static final int UNSEEN = 12;
  private static final String CONFIGURATION =
      """
      data {
        train = "drawn:novel"
        unseen-classes.count = 12
        drawn { image-size = 24, novel-classes = 60, train-per-class = 10, test-per-class = 5 }
      }
      prepare.partitions = 2
      prompts { train = 4, heldout = 0 }
      embedding.encoder = lexical
      embedding.lexical { dimensions = 32, features = 1024 }
      graph.edge-ratio = 0.02
      gcn { iterations = 200, evaluate-every = 200 }
      train {
        backbone = small-cnn, image-size = 24, global-batch = 24, iterations = 200
        precision = float32, learning-rate = 0.03, log-every = 50
        schedule { kind = cosine, warmup-steps = 10 }
        augmentation { crop-scale-min = 0.8, resize-factor = 1.0 }
      }
      """;

  @TempDir Path folder;

  private String path(String stage) {
    return folder.resolve(stage).toString();
  }

  private JsonNode unseen(String labelGraph) {
    Settings settings = SettingsLoader.parse(CONFIGURATION + "lsg.label-graph = " + labelGraph);
    GraphStage.run(SPARK, settings, path("embed"), path(labelGraph + "/graph"));
    GcnStage.run(SPARK, settings, path(labelGraph + "/graph"), path(labelGraph + "/gcn"));
    TrainStage.run(
        SPARK,
        settings,
        path("prepare"),
        Optional.of(path(labelGraph + "/graph")),
        Optional.of(path(labelGraph + "/gcn")),
        Optional.empty(),
        path(labelGraph + "/train"),
        path(labelGraph + "/running"));
    EvaluateStage.run(
        SPARK,
        settings,
        path("prepare"),
        path(labelGraph + "/train"),
        path("embed"),
        path(labelGraph + "/evaluate"));
    return Json.read(FILES, path(labelGraph + "/evaluate/metrics.json")).get("unseen");
  }

  /** Unseen classes that some unlabelled sample is predicted to be of. */
  private Set<Integer> namesOfUnseen(String classifier) {
    Settings settings = SettingsLoader.parse(CONFIGURATION + "evaluate.classifier = " + classifier);
    PredictStage.run(
        SPARK,
        settings,
        path("prepare"),
        path("text/train"),
        classifier.equals("loki") ? Optional.of(path("embed")) : Optional.empty(),
        path(classifier));
    SeenClasses seen = SeenClasses.of(SPARK, path("prepare"), 60);
    assertThat(seen.unseenCount()).isEqualTo(UNSEEN);
    return SPARK.read().parquet(path(classifier) + "/predictions").collectAsList().stream()
        .map(row -> row.<Integer>getAs("predicted_id"))
        .filter(id -> !seen.isSeen(id))
        .collect(Collectors.toSet());
  }

  @Test
  void namesTellClassesApartThatNobodyLabelled() {
    Settings settings = SettingsLoader.parse(CONFIGURATION);
    PrepareStage.run(SPARK, settings, path("prepare"));
    EmbedStage.run(SPARK, settings, SampleTable.labels(FILES, path("prepare")), path("embed"));
    JsonNode text = unseen("text");
    assertThat(text.get("unseen_classes").asInt()).isEqualTo(UNSEEN);
    assertThat(text.get("unseen_samples").asInt()).isEqualTo(UNSEEN * 5);
    double chance = 1.0 / UNSEEN;
    assertThat(text.at("/prototypes/unseen_only_top1").asDouble()).isGreaterThan(2 * chance);
    assertThat(text.at("/prototypes/unseen_accuracy").asDouble()).isPositive();
    assertThat(text.at("/loki/unseen_only_top1").asDouble()).isGreaterThan(2 * chance);
    JsonNode oneHot = unseen("one-hot");
    assertThat(oneHot.at("/prototypes/unseen_only_top1").asDouble()).isLessThan(2 * chance);

    // All unlabelled samples are of unseen classes, which the head never names and Loki does.
    assertThat(namesOfUnseen("head")).isEmpty();
    assertThat(namesOfUnseen("loki")).isNotEmpty();
  }

  private JsonNode byName(String changes, String name) {
    Settings settings = SettingsLoader.parse(CONFIGURATION + changes);
    HeadStage.run(
        SPARK,
        settings,
        new HeadStage.Inputs(
            path("prepare"),
            path("features"),
            Optional.of(path("embed")),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        path(name + "/train"));
    EvaluateStage.run(
        SPARK,
        settings,
        path("prepare"),
        path(name + "/train"),
        path("embed"),
        path(name + "/evaluate"));
    return Json.read(FILES, path(name + "/evaluate/metrics.json")).get("unseen");
  }

  @Test
  void theClosedFormTellsThemByTheirNamesAsWell() {
    Settings settings = SettingsLoader.parse(CONFIGURATION);
    PrepareStage.run(SPARK, settings, path("prepare"));
    EmbedStage.run(SPARK, settings, SampleTable.labels(FILES, path("prepare")), path("embed"));
    FeaturesStage.run(
        SPARK, settings, path("prepare"), Optional.empty(), path("features"), Optional.empty());
    double chance = 1.0 / UNSEEN;
    JsonNode own = byName("", "text");
    assertThat(own.at("/prototypes/unseen_only_top1").asDouble()).isGreaterThan(2 * chance);
    assertThat(own.at("/head/unseen_accuracy").asDouble()).isZero();
    JsonNode shuffled = byName("head.label-texts = shuffled", "shuffled");
    assertThat(shuffled.at("/prototypes/unseen_only_top1").asDouble()).isLessThan(2 * chance);
    JsonNode never = byName("head.by-name = never", "never");
    assertThat(never.has("prototypes")).isFalse();
    assertThat(never.has("loki")).isTrue();
    assertThat(namesOfUnseen("prototypes")).isNotEmpty();
  }
}
