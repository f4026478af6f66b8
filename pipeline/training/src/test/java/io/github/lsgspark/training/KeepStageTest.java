package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of a closed form and a training, and that it is an ordinary model. */
class KeepStageTest {
  private static final String TINY =
      """
      data {
        train = "drawn:novel"
        drawn { image-size = 32, base-classes = 4, novel-classes = 4
                train-per-class = 4, test-per-class = 3 }
      }
      train { backbone = small-cnn, image-size = 32, device = cpu, precision = float32
              normalization = imagenet, global-batch = 6, iterations = 2, layout = contiguous
              feature-scale = 0.5, trials.folds = 2 }
      """;

  private static final String BOTH = "train { start = best, keep = trained }";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static HadoopFiles files;
  private static String prepared;
  private static String features;
  private static String head;
  private static String train;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    prepared = folder.resolve("prepare").toString();
    features = folder.resolve("features").toString();
    head = folder.resolve("head").toString();
    train = folder.resolve("train").toString();
    Settings settings = SettingsLoader.parse(TINY);
    PrepareStage.run(spark, settings, prepared);
    FeaturesStage.run(spark, settings, prepared, Optional.empty(), features, Optional.empty());
    HeadStage.run(spark, settings, HeadStage.Inputs.of(prepared, features), head);
    // Not from the head: its features are the network's own, and scaled.
    TrainStage.run(
        spark,
        settings,
        prepared,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        train,
        train + "-running");
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static String keep(String name, String changes) {
    String out = folder.resolve(name).toString();
    Settings settings = SettingsLoader.parse(TINY + changes);
    String trials = folder.resolve(name + "-trials").toString();
    if (settings.train().keep() == Keep.BEST) {
      tried(changes, trials, trials + "-running");
    }
    KeepStage.run(
        spark, settings, new KeepStage.Inputs(prepared, head, train, Optional.of(trials)), out);
    return out;
  }

  private static JsonNode tried(String changes, String out, String running) {
    TrialStage.run(
        spark,
        SettingsLoader.parse(TINY + changes),
        start ->
            SettingsLoader.parse(
                TINY + changes + "\ntrain.start = " + start.name().toLowerCase(Locale.ROOT) + "\n"),
        new TrialStage.Inputs(
            HeadStage.Inputs.of(prepared, features), head, Optional.empty(), Optional.empty()),
        out,
        running);
    return Json.read(files, out + "/metrics.json");
  }

  private static float[][] scores(String model) {
    return ModelScores.of(
            spark.sparkContext().hadoopConfiguration(),
            model,
            SampleTable.samples(spark, prepared, SampleTable.TEST).take(5))
        .logits();
  }

  @Test
  void theMeanIsOneModelWithTheMeanOfTheLogits() {
    String mean = keep("mean", "train.keep = mean");
    float[][] both = scores(mean);
    float[][] one = scores(head);
    float[][] other = scores(train);
    for (int i = 0; i < both.length; i++) {
      for (int c = 0; c < both[i].length; c++) {
        assertThat(both[i][c])
            .isCloseTo((one[i][c] + other[i][c]) / 2, within(1e-4f * (1 + Math.abs(one[i][c]))));
      }
    }
    TrainedModel.check(files, mean, TrainedModel.LAST);
    assertThat(files.exists(mean + "/model.torchscript.pt")).isTrue();
    assertThat(Json.read(files, mean + "/metrics.json").path("kept").asText()).isEqualTo("mean");
  }

  @Test
  void foldsOfTheLabelledSamplesJudgeWhereThereIsNoValidationSplit() throws Exception {
    String best = keep("best", "train.keep = best");
    JsonNode metrics = Json.read(files, best + "/metrics.json");
    assertThat(metrics.path("judged").asInt()).isEqualTo(16);
    assertThat(metrics.path("judged_by").asText()).startsWith("2 folds");
    assertThat(metrics.path("candidates")).hasSize(3);
    double most = 0;
    for (JsonNode candidate : metrics.path("candidates")) {
      most = Math.max(most, candidate.path("accuracy").asDouble());
    }
    String kept = metrics.path("kept").asText();
    for (JsonNode candidate : metrics.path("candidates")) {
      if (candidate.path("model").asText().equalsIgnoreCase(kept)) {
        assertThat(candidate.path("accuracy").asDouble()).isEqualTo(most);
      }
    }
    TrainedModel.check(files, best, TrainedModel.LAST);
    // A trial that is done is not made again, and its verdicts count as they are.
    String hit = "{\"head\":false,\"trained\":true,\"mean\":false}";
    rewrite(
        "best-trials-running",
        "{\"from_random\":{\"mean\":true,\"verdicts\":[" + hit + "," + hit + "]}}");
    String again = keep("best", "train.keep = best");
    JsonNode judged = Json.read(files, again + "/metrics.json");
    assertThat(judged.path("judged").asInt()).isEqualTo(4);
    assertThat(judged.path("kept").asText()).isEqualTo("trained");
    assertThat(scores(again)).isDeepEqualTo(scores(train));
  }

  private static void rewrite(String running, String verdicts) throws Exception {
    for (String trial : List.of("trial-0-0", "trial-0-1")) {
      Path file = folder.resolve(running).resolve(trial).resolve("verdicts.json");
      Files.deleteIfExists(file.resolveSibling(".verdicts.json.crc"));
      Files.writeString(file, verdicts);
    }
  }

  @Test
  void bothStartsAreTriedAndTheBetterOneIsTaken() throws Exception {
    Settings settings = SettingsLoader.parse(TINY + BOTH);
    String out = folder.resolve("starts").toString();
    JsonNode metrics = tried(BOTH, out, out + "-running");
    assertThat(metrics.path("judged").asInt()).isEqualTo(16);
    assertThat(metrics.path("candidates").findValuesAsText("candidate"))
        .containsExactly(
            "head",
            "trained from the head",
            "mean from the head",
            "trained from random",
            "mean from random");
    double fromHead = metrics.path("candidates").get(1).path("accuracy").asDouble();
    double fromRandom = metrics.path("candidates").get(3).path("accuracy").asDouble();
    Start start = TrialStage.start(files, settings, Optional.of(out));
    assertThat(start).isEqualTo(fromRandom > fromHead ? Start.RANDOM : Start.HEAD);
    assertThat(metrics.path("start").asText()).isEqualToIgnoringCase(start.name());
    // Verdicts on the same samples: a hit of the drawn start alone turns the choice.
    String miss = "{\"head\":true,\"trained\":false,\"mean\":true}";
    String hit = "{\"head\":true,\"trained\":true,\"mean\":true}";
    String form =
        "{\"from_head\":{\"mean\":true,\"verdicts\":[%s]},\"from_random\":{\"mean\":true,\"verdicts\":[%s]}}";
    rewrite("starts-running", String.format(form, miss, hit));
    tried(BOTH, out, out + "-running");
    assertThat(TrialStage.start(files, settings, Optional.of(out))).isEqualTo(Start.RANDOM);
    // The mean of both is as good from either: of equals the head.
    Settings mean = SettingsLoader.parse(TINY + "train { start = best, keep = mean }");
    assertThat(TrialStage.start(files, mean, Optional.of(out))).isEqualTo(Start.HEAD);
    assertThat(
            TrialStage.start(
                files, SettingsLoader.parse(TINY + "train.start = random"), Optional.empty()))
        .isEqualTo(Start.RANDOM);
  }

  @Test
  void modelsThatSeeSamplesInDifferentWaysHaveNoMean() {
    ModelDescription trained = new ModelFiles(files, train).description();
    ModelDescription other =
        new ModelDescription(
            trained.backbone(),
            "",
            4,
            Network.NONE,
            0,
            trained.input().ofSize(48),
            1,
            new ModelFiles(files, head).description().features());
    assertThat(MeanModel.obstacle(trained, other)).get().asString().contains("48 px");
    assertThat(MeanModel.obstacle(trained, new ModelFiles(files, head).description())).isEmpty();
  }

  @Test
  void aHeadOfOtherFeaturesIsRefusedBeforeAnyTrial() {
    assertThatThrownBy(() -> keep("other", "train.keep = best, seed = 9"))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith(features + ": its features are of another weights: ");
  }
}
