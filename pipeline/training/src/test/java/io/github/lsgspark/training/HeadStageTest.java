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
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.head.Candidate;
import io.github.lsgspark.head.ClassTexts;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.LinearHead;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The model of a head against its scores written out, and a training that starts from it. */
class HeadStageTest {
  private static final String TINY =
      """
      embedding.encoder = lexical
      data {
        train = "drawn:novel"
        drawn { image-size = 32, base-classes = 4, novel-classes = 4
                train-per-class = 6, test-per-class = 3 }
      }
      train { backbone = squeezenet1_1, image-size = 40, device = cpu, precision = float32
              normalization = imagenet, global-batch = 6, iterations = 2, layout = contiguous }
      """;

  @TempDir static Path folder;
  private static SparkSession spark;
  private static HadoopFiles files;
  private static String prepared;
  private static String features;
  private static int runs;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    prepared = folder.resolve("prepare").toString();
    features = folder.resolve("features").toString();
    Settings settings = SettingsLoader.parse(TINY);
    PrepareStage.run(spark, settings, prepared);
    FeaturesStage.run(spark, settings, prepared, Optional.empty(), features, Optional.empty());
  }

  @AfterAll
  static void stopSpark() {
    spark.stop();
  }

  private static String fit(String changes) {
    String out = folder.resolve("head" + runs++).toString();
    HeadStage.run(
        spark, SettingsLoader.parse(TINY + changes), HeadStage.Inputs.of(prepared, features), out);
    return out;
  }

  /** Beside the head; and without the setting, nothing is measured. */
  @Test
  void theVotesOfNeighboursAreAFigureOfTheStage() throws Exception {
    Path measured = Path.of(fit("head.neighbours = 3\n")).resolve("metrics.json");
    long known =
        SampleTable.samples(spark, prepared, SampleTable.TEST)
            .filter(sample -> sample.label() >= 0)
            .count();
    assertThat(Files.readString(measured))
        .contains("\"nearest_neighbours\"", "\"k\" : 3", "\"samples\" : " + known);
    assertThat(Files.readString(Path.of(fit("")).resolve("metrics.json")))
        .doesNotContain("nearest_neighbours");
  }

  private static float[][] scores(String model, List<Sample> samples) {
    return all(model, samples).logits();
  }

  private static TrainedModel.Scores all(String model, List<Sample> samples) {
    return ModelScores.of(spark.sparkContext().hadoopConfiguration(), model, samples);
  }

  private static List<Sample> some() {
    return SampleTable.samples(spark, prepared, SampleTable.TEST).take(4);
  }

  /** The transform and the map, in plain loops. */
  private static double[] writtenOut(FittedHead head, String sample) {
    Row row = FeatureTable.read(spark, features).filter("sample_id = '" + sample + "'").first();
    List<Float> raw = row.getList(row.fieldIndex("features"));
    double[] mean = head.transform().mean();
    int d = mean.length;
    double[] x = new double[d];
    int from = head.transform().slices().get(0).from();
    for (int i = 0; i < d; i++) {
      x[i] = Math.sqrt(Math.max(0, raw.get(from + i))) - mean[i];
    }
    unit(x);
    if (head.transform().whitens()) {
      double[] z = head.transform().offset().clone();
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          z[i] += head.transform().whitening()[i * d + j] * x[j];
        }
      }
      x = z;
      unit(x);
    }
    LinearHead logits = head.logits();
    double[] scores = logits.bias().clone();
    for (int c = 0; c < scores.length; c++) {
      for (int i = 0; i < d; i++) {
        scores[c] += logits.weight()[c * d + i] * x[i];
      }
    }
    return scores;
  }

  private static void unit(double[] x) {
    double squares = 0;
    for (double value : x) {
      squares += value * value;
    }
    for (int i = 0; i < x.length; i++) {
      x[i] /= Math.sqrt(squares);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "head.layers = [fire8, fire9]",
        "head { kind = nearest-mean, layers = [fire9] }",
        "head { kind = gda, layers = [fire9] }",
        "head { kind = logistic, layers = [fire9], logistic.lambdas = [0.1] }",
        "head { whitening = half, layers = [fire9] }"
      })
  void theModelScoresAsTheHeadDoes(String changes) {
    String out = fit(changes);
    FittedHead head =
        HeadFit.fit(
            spark,
            SettingsLoader.parse(TINY + changes).head(),
            features,
            List.of("a", "b", "c", "d"));
    List<Sample> samples = some();
    float[][] scores = scores(out, samples);
    for (int i = 0; i < samples.size(); i++) {
      double[] expected = writtenOut(head, samples.get(i).id());
      for (int c = 0; c < 4; c++) {
        assertThat((double) scores[i][c])
            .isCloseTo(expected[c], within(2e-3 * (1 + Math.abs(expected[c]))));
      }
    }
    JsonNode metrics = Json.read(files, out + "/metrics.json");
    assertThat(metrics.path("labelled").asInt()).isEqualTo(24);
    String judged = changes.contains("logistic") ? "left_out_in_folds" : "leave_one_out";
    assertThat(metrics.path(judged + "_accuracy").asDouble()).isBetween(0.2, 1.0);
    assertThat(files.exists(out + "/model.torchscript.pt")).isTrue();
    assertThat(files.exists(out + "/candidates.csv")).isTrue();
  }

  @Test
  void theMapToTextsIsTheModelsProjector() {
    Settings settings = SettingsLoader.parse(TINY + "head { by-name = always, layers = [fire9] }");
    String embedded = folder.resolve("embed").toString();
    EmbedStage.run(spark, settings, SampleTable.labels(files, prepared), embedded);
    String out = folder.resolve("head" + runs++).toString();
    HeadStage.run(
        spark,
        settings,
        new HeadStage.Inputs(
            prepared,
            features,
            Optional.of(embedded),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()),
        out);
    List<String> names =
        SampleTable.labels(files, prepared).labels().stream().map(Label::name).toList();
    ClassTexts texts = ClassTexts.of(names, ClassSums.read(spark, embedded), embedded);
    FittedHead head =
        HeadFit.fit(
            spark,
            settings.head(),
            features,
            names,
            Optional.of(texts),
            true,
            Set.of(),
            soft -> {});
    FittedHead asMap =
        new FittedHead(
            head.transform(),
            LinearHead.of(head.texts().orElseThrow().weight(), texts.dimension()),
            new Candidate(0, 1, 0, 0, 0),
            List.of(),
            0,
            List.of(),
            Optional.empty());
    List<Sample> samples = some();
    float[][] cosines = all(out, samples).cosines();
    for (int i = 0; i < samples.size(); i++) {
      double[] place = writtenOut(asMap, samples.get(i).id());
      unit(place);
      for (int c = 0; c < 4; c++) {
        double cosine = 0;
        for (int j = 0; j < place.length; j++) {
          cosine += place[j] * texts.vectors()[c * place.length + j];
        }
        assertThat((double) cosines[i][c]).isCloseTo(cosine, within(2e-3));
      }
    }
    assertThat(Json.read(files, out + "/metrics.json").path("by_name_lambda").asDouble())
        .isPositive();
    // A training from it starts with its classifier, and no projector.
    String still = train(out, "train { learning-rate = 0, weight-decay = 0 }");
    assertThat(scores(still, samples)[0][0]).isCloseTo(scores(out, samples)[0][0], within(1e-4f));
    assertThat(all(still, samples).cosines()).isNull();
  }

  @Test
  void aTextPriorIsOfTheRidgeAlone() {
    assertThatThrownBy(
            () -> HeadStage.check(SettingsLoader.parse("head { kind = gda, text-prior = \"1\" }")))
        .isInstanceOf(LsgException.class)
        .hasMessage("head.text-prior is for head.kind = ridge, but head.kind is gda");
  }

  private static String train(String head, String changes) {
    String out = folder.resolve("train" + runs++).toString();
    TrainStage.run(
        spark,
        SettingsLoader.parse(TINY + changes),
        prepared,
        Optional.empty(),
        Optional.empty(),
        Optional.of(head),
        Optional.empty(),
        Optional.empty(),
        out,
        out + "-running");
    return out;
  }

  @Test
  void aTrainingFromTheHeadStartsWithItsScores() {
    String head = fit("head.layers = [fire8, fire9]");
    String still = train(head, "train { learning-rate = 0, weight-decay = 0 }");
    List<Sample> samples = some();
    float[][] before = scores(head, samples);
    float[][] after = scores(still, samples);
    for (int i = 0; i < before.length; i++) {
      for (int c = 0; c < 4; c++) {
        assertThat(after[i][c]).isCloseTo(before[i][c], within(1e-4f));
      }
    }
    String moved = train(head, "train.learning-rate = 0.001");
    assertThat(scores(moved, samples)[0]).isNotEqualTo(before[0]);
    JsonNode spec = Json.read(files, moved + "/model.json").path("features");
    assertThat(spec.path("layers").toString()).isEqualTo("[\"features.11\",\"features.12\"]");
    assertThat(spec.path("transform").asText()).isEqualTo("root-unit");
  }

  @Test
  void featuresOfAnotherNetworkAreRefused() {
    assertThatThrownBy(() -> fit("seed = 5"))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith(features + ": its features are of another weights: ");
    assertThatThrownBy(() -> fit("train.image-size = 41"))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith(features + ": its features are of another input: ");
    assertThatThrownBy(() -> fit("head.layers = [fire3]"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("head.layers names 'fire3', but the layers of " + features);
  }
}
