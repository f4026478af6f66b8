package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Prototypes;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final LabelSet LABELS = LabelSet.fromFolders(List.of("a", "b", "c"), "folder");
  private static final ClassDistances DISTANCES =
      ClassDistances.of(
          LABELS,
          List.of(
              new ClassSums(0, "a", 1, new double[] {1, 0}, 0, new double[2]),
              new ClassSums(1, "b", 1, new double[] {1, 1}, 0, new double[2]),
              new ClassSums(2, "c", 1, new double[] {0, 1}, 0, new double[2])));

  @TempDir Path folder;

  private static Row sample(String id, int label, String split) {
    return RowFactory.create(id, label, split, null);
  }

  private static Dataset<Row> samples() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      // Head right, prototypes right; head wrong (b), prototypes right.
      rows.add(sample("right" + i + "#0", 0, "test"));
      rows.add(sample("wrong" + i + "#10", 0, "test"));
      rows.add(sample("validation" + i + "#22", 2, "validation"));
    }
    return samples(rows);
  }

  private static Dataset<Row> samples(List<Row> rows) {
    return SPARK
        .createDataFrame(
            rows,
            new StructType()
                .add("id", "string")
                .add("label_id", "int")
                .add("split", "string")
                .add("reference", "string"))
        .repartition(2);
  }

  private JsonNode evaluate(
      Prototypes prototypes, boolean hasPrototypes, boolean picked, Dataset<Row> samples) {
    String hocon = "evaluate.prototypes = " + prototypes.name().toLowerCase(Locale.ROOT);
    return evaluate(hocon, SeenClasses.of(3, 0, 1, 2), hasPrototypes, picked, samples);
  }

  private JsonNode evaluate(
      String hocon, SeenClasses seen, boolean hasPrototypes, boolean picked, Dataset<Row> samples) {
    String out = folder.resolve("out").toString();
    EvaluateSettings settings =
        SettingsLoader.parse(hocon + "\nevaluate.batch = " + ById.BATCH).evaluate();
    new Evaluation(SPARK, settings, LABELS, DISTANCES, seen)
        .run(
            samples,
            new ById(hasPrototypes),
            picked ? Optional.of(new ById(hasPrototypes)) : Optional.empty(),
            out);
    return Json.read(new HadoopFiles(new Configuration()), out + "/metrics.json");
  }

  @Test
  void bothClassifiersAndBothCheckpointsAreReported() {
    JsonNode json = evaluate(Prototypes.ENSEMBLE, true, true, samples());
    assertThat(json.get("classifier").asText()).isEqualTo("ensemble");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(1);
    assertThat(json.get("samples").asInt()).isEqualTo(6);
    assertThat(json.get("mean_semantic_error").isNull()).isTrue();
    assertThat(json.at("/head/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/head/mean_semantic_error").asDouble())
        .isEqualTo(1 - Math.sqrt(0.5), within(1e-12));
    assertThat(json.at("/ensemble/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/validation/head/samples").asInt()).isEqualTo(3);
    assertThat(json.at("/validation_picked/head/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/validation_picked/validation/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/per_class/a/count").asInt()).isEqualTo(6);
    assertThat(json.has("unseen")).isFalse();
    assertThat(json.has("prototypes")).isFalse();
  }

  @Test
  void aModelWithoutPrototypesIsJudgedByItsHead() {
    JsonNode json = evaluate(Prototypes.ENSEMBLE, false, false, samples());
    assertThat(json.get("classifier").asText()).isEqualTo("head");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.has("ensemble")).isFalse();
    assertThat(json.has("validation_picked")).isFalse();
    assertThat(json.at("/confusions/0/predicted").asText()).isEqualTo("b");
  }

  @Test
  void predictionsHoldEverySample() {
    evaluate(Prototypes.NONE, true, false, samples());
    List<Row> rows =
        SPARK
            .read()
            .parquet(folder.resolve("out/predictions").toString())
            .orderBy("id")
            .collectAsList();
    assertThat(rows).hasSize(9);
    Row wrong = rows.get(8);
    assertThat(wrong.<String>getAs("id")).isEqualTo("wrong2#10");
    assertThat(wrong.<String>getAs("label")).isEqualTo("a");
    assertThat(wrong.<String>getAs("predicted")).isEqualTo("b");
    assertThat(wrong.<Boolean>getAs("correct")).isFalse();
    assertThat(wrong.<Integer>getList(wrong.fieldIndex("top_ids"))).containsExactly(1, 0, 2);
    assertThat(wrong.<Double>getList(wrong.fieldIndex("top_probabilities")).get(0))
        .isEqualTo(wrong.<Double>getAs("confidence"));
  }

  @Test
  void classesWithoutLabelsAreMeasuredInTheSamePass() {
    // Seen are a and c, whose texts lie on both sides of b's; b has no label.
    List<Row> rows = new ArrayList<>();
    rows.add(sample("seen, all right#00", 0, "test"));
    rows.add(sample("seen, prototypes wrong#01", 0, "test"));
    rows.add(sample("seen, head wrong#22", 2, "test"));
    rows.add(sample("unseen, prototypes right#01", 1, "test"));
    rows.add(sample("unseen, none right#00", 1, "test"));
    rows.add(sample("unseen, head right#10", 1, "test"));
    rows.add(sample("of another split#11", 2, "validation"));
    JsonNode json = evaluate("", SeenClasses.of(3, 0, 2), true, true, samples(rows)).get("unseen");
    assertThat(json.get("seen_classes").asInt()).isEqualTo(2);
    assertThat(json.get("unseen_classes").asInt()).isEqualTo(1);
    assertThat(json.get("seen_samples").asInt()).isEqualTo(3);
    assertThat(json.get("unseen_samples").asInt()).isEqualTo(3);
    assertThat(json.at("/head/seen_accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/head/unseen_accuracy").asDouble()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(json.at("/head/harmonic_mean").asDouble()).isCloseTo(0.5, within(1e-12));
    // Class a: one of two, class c: one of one.
    assertThat(json.at("/prototypes/seen_accuracy").asDouble()).isEqualTo(0.75);
    assertThat(json.at("/prototypes/unseen_accuracy").asDouble()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(json.at("/prototypes/unseen_only_top1").asDouble()).isEqualTo(1);
    // Only "head right" is undecided between a and c, whose middle is b.
    assertThat(json.at("/loki/seen_accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/loki/unseen_accuracy").asDouble()).isCloseTo(1.0 / 3, within(1e-12));
    assertThat(json.at("/ensemble/unseen_only_top5").asDouble()).isEqualTo(1);
  }

  @Test
  void theNamedClassifierHeadsTheFiguresAndTheTable() {
    JsonNode json =
        evaluate(
            "evaluate.classifier = prototypes", SeenClasses.of(3, 0, 1, 2), true, false, samples());
    assertThat(json.get("classifier").asText()).isEqualTo("prototypes");
    assertThat(json.get("accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/prototypes/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/head/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(
            SPARK
                .read()
                .parquet(folder.resolve("out/predictions").toString())
                .where("split = 'test' and correct")
                .count())
        .isEqualTo(6);
  }

  @Test
  void withoutTestSamplesThereIsNoFigure() {
    assertThatThrownBy(
            () -> evaluate(Prototypes.NONE, false, false, samples().where("split = 'validation'")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("no test samples");
  }
}
