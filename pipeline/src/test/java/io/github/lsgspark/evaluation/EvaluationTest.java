package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.cluster.LocalSpark;
import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Prototypes;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    String out = folder.resolve("out").toString();
    new Evaluation(SPARK, new EvaluateSettings(prototypes, 16, ById.BATCH, 15), LABELS, DISTANCES)
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
        .isEqualTo(1 - Math.sqrt(0.5), org.assertj.core.api.Assertions.within(1e-12));
    assertThat(json.at("/ensemble/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/validation/head/samples").asInt()).isEqualTo(3);
    assertThat(json.at("/validation_picked/head/accuracy").asDouble()).isEqualTo(0.5);
    assertThat(json.at("/validation_picked/validation/accuracy").asDouble()).isEqualTo(1);
    assertThat(json.at("/per_class/a/count").asInt()).isEqualTo(6);
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
  void withoutTestSamplesThereIsNoFigure() {
    assertThatThrownBy(
            () -> evaluate(Prototypes.NONE, false, false, samples().where("split = 'validation'")))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("no test samples");
  }
}
