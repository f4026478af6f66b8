package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeaturesStage;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Heads that are trained on frozen features, as the stage writes them. */
@Tag("long-1")
class HeadTrainingTest {
  private static final String KIND =
      "head { kind = lsg, layers = [fire8, fire9], lsg { iterations = 30, batch = 6 } }\n";
  private static final String STILL =
      "head.lsg { learning-rate = 0, weight-decay = 0, iterations = 1 }\n";
  private static final String PLAIN = "lsg.enabled = false\n";

  @TempDir static Path folder;
  private static SparkSession spark;
  private static HadoopFiles files;
  private static TinyTraining tiny;
  private static int runs;

  @BeforeAll
  static void prepare() {
    spark = LocalSpark.session();
    files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    tiny = new TinyTraining(spark, folder, TinyTraining.SQUEEZENET);
    extract("features", "");
    extract("crops", "features { views = crops, crops = 3 }\n");
  }

  private static void extract(String name, String changes) {
    Settings settings = SettingsLoader.parse(TinyTraining.SQUEEZENET + changes);
    FeaturesStage.run(
        spark, settings, tiny.path("prepare"), Optional.empty(), tiny.path(name), Optional.empty());
  }

  private static String fit(String changes) {
    return fit(changes, "features");
  }

  private static String fit(String changes, String features) {
    Settings settings = SettingsLoader.parse(TinyTraining.SQUEEZENET + KIND + changes);
    Optional<String> guided =
        Optional.of("graph").filter(unused -> settings.lsg().enabled()).map(tiny::path);
    String out = tiny.path("head" + runs++);
    HeadStage.run(
        spark,
        settings,
        new HeadStage.Inputs(
            tiny.path("prepare"),
            tiny.path(features),
            Optional.empty(),
            guided,
            guided.map(unused -> tiny.path("gcn")),
            Optional.empty()),
        out);
    return out;
  }

  private static TrainedModel.Scores scores(String model) {
    return ModelScores.of(
        spark.sparkContext().hadoopConfiguration(),
        model,
        SampleTable.samples(spark, tiny.path("prepare"), SampleTable.TEST).take(4));
  }

  private static Map<String, HostArray> weights(String model) {
    return Safetensors.read(files.read(model + "/model.safetensors"), model);
  }

  private static JsonNode metrics(String model) {
    return Json.read(files, model + "/metrics.json");
  }

  private static double loss(String model) {
    return metrics(model).path("last_step").path("loss").asDouble();
  }

  @Test
  void itStartsWithTheScoresOfTheRidge() {
    float[][] ridge = scores(fit("head.kind = ridge\n")).logits();
    float[][] start = scores(fit(STILL)).logits();
    for (int i = 0; i < ridge.length; i++) {
      for (int c = 0; c < ridge[i].length; c++) {
        assertThat(start[i][c]).isCloseTo(ridge[i][c], within(1e-4f * (1 + Math.abs(ridge[i][c]))));
      }
    }
  }

  @Test
  void aGuidedHeadIsAModelWithProjectorAndPrototypes() {
    String out = fit("");
    ModelCheck.of(files, out, ModelFiles.LAST);
    assertThat(scores(out).cosines()).isNotNull();
    assertThat(weights(out)).containsKeys("projector.weight").doesNotContainKey("adapter.weight");
    JsonNode metrics = metrics(out);
    assertThat(metrics.path("kind").asText()).isEqualTo("lsg");
    assertThat(metrics.path("guided").asBoolean()).isTrue();
    assertThat(metrics.has("leave_one_out_accuracy")).isFalse();
    assertThat(metrics.path("last_step").has("align")).isTrue();
    assertThat(loss(out)).isLessThan(loss(fit("head.lsg { iterations = 1 }\n")));
  }

  /** The adapter carries the losses of the projections to the classifier; nothing else does. */
  @Test
  void theLabelGraphReachesTheClassifierByTheAdapterAlone() {
    assertThat(weights(fit("")).get("classifier.weight"))
        .isNotEqualTo(weights(fit(PLAIN)).get("classifier.weight"));
    String without = "head.lsg.adapter = false\n";
    assertThat(weights(fit(without)).get("classifier.weight"))
        .isEqualTo(weights(fit(without + PLAIN)).get("classifier.weight"));
  }

  @Test
  void withoutTheLabelGraphItIsPlainCrossEntropy() {
    String out = fit(PLAIN + "head.lsg.start = random\n");
    assertThat(weights(out)).doesNotContainKey("projector.weight");
    assertThat(scores(out).cosines()).isNull();
    assertThat(metrics(out).path("guided").asBoolean()).isFalse();
    JsonNode last = metrics(out).path("last_step");
    assertThat(last.path("loss").asDouble()).isEqualTo(last.path("ce").asDouble());
    assertThat(last.path("loss").asDouble()).isLessThan(Math.log(5));
    assertThat(weights(fit(PLAIN + "head.lsg.start = random\n"))).isEqualTo(weights(out));
  }

  @Test
  void aTermWithoutWeightIsNotComputed() {
    JsonNode align = metrics(fit("lsg { regularization-weight = 0, prototype-term = false }\n"));
    assertThat(align.path("last_step").has("align")).isTrue();
    assertThat(align.path("last_step").has("reg")).isFalse();
    String none =
        fit("lsg { align-weight = 0, regularization-weight = 0, prototype-term = false }\n");
    assertThat(weights(none).get("classifier.weight"))
        .isEqualTo(weights(fit(PLAIN)).get("classifier.weight"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sup-con", "projected-cross-entropy", "bi-tuning", "bss"})
  void methodsFromTheLiteratureTakePart(String method) {
    String out = fit(PLAIN + "train.transfer.methods = [" + method + "]\n");
    ModelCheck.of(files, out, ModelFiles.LAST);
    assertThat(weights(out))
        .doesNotContainKeys("projected_classifier.weight", "projected_classifier.bias");
    assertThat(weights(out).get("classifier.weight"))
        .isNotEqualTo(weights(fit(PLAIN)).get("classifier.weight"));
  }

  @Test
  void severalViewsOfTheTableAreViewsOfABatch() {
    String out = fit(PLAIN, "crops");
    assertThat(weights(out).get("classifier.weight"))
        .isNotEqualTo(weights(fit(PLAIN)).get("classifier.weight"));
    assertThat(weights(fit(PLAIN, "crops"))).isEqualTo(weights(out));
  }

  @ParameterizedTest
  @ValueSource(strings = {"l2-sp", "co-tuning"})
  void methodsOfABackboneAreRefused(String method) {
    assertThatThrownBy(() -> fit("train.transfer.methods = [" + method + "]\n"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining(method);
  }

  @Test
  void whatIsNotForItIsRefused() {
    assertThatThrownBy(() -> fit("head { unlabelled = balanced, lsg.start = random }\n"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("lsg.start = ridge");
    assertThatThrownBy(() -> fit("head.lsg.learning-rate = 1000\n"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("lower head.lsg.learning-rate");
  }
}
