package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedStageTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("apple", "maple_tree", "pear"), "folder");

  @TempDir Path folder;

  private List<Row> embed(String hocon, LabelSet labels) {
    Settings settings = SettingsLoader.parse(hocon);
    EmbedStage.run(SPARK, settings, labels, folder.resolve("out").toString());
    return SPARK
        .read()
        .parquet(folder.resolve("out/embeddings").toString())
        .orderBy("label_id", "prompt_id")
        .collectAsList();
  }

  private JsonNode metrics() {
    return Json.read(
        new HadoopFiles(new Configuration()), folder.resolve("out/metrics.json").toString());
  }

  private static double[] vector(Row row) {
    return row.<Float>getList(5).stream().mapToDouble(Float::doubleValue).toArray();
  }

  private String precomputed(String file, String more) {
    return "prompts { train = 2, heldout = 1 }, embedding { encoder = precomputed, precomputed { path = \""
        + folder.resolve(file)
        + "\" "
        + more
        + "} }";
  }

  private void npy(String file, String shape, float... values) throws IOException {
    Files.write(
        folder.resolve(file),
        NpyFileTest.npy(1, NpyFileTest.header("<f4", shape), NpyFileTest.floats(values)));
  }

  @Test
  void lexicalStageWritesTheContract() {
    List<Row> rows =
        embed("prompts { train = 3, heldout = 2 }, embedding.encoder = lexical", LABELS);
    assertThat(rows).hasSize(15);
    assertThat(rows.get(0).schema().fieldNames())
        .containsExactly("label_id", "label", "prompt_id", "prompt", "split", "embedding");
    Row row = rows.get(8);
    assertThat(row.getInt(0)).isEqualTo(1);
    assertThat(row.getString(1)).isEqualTo("maple_tree");
    assertThat(row.getInt(2)).isEqualTo(3);
    assertThat(row.getString(3)).isEqualTo("This is a photo of the hard to see maple tree.");
    assertThat(row.getString(4)).isEqualTo("heldout");
    assertThat(metrics().get("encoder").asText()).isEqualTo("lexical");
    assertThat(metrics().get("knows_meaning").asBoolean()).isFalse();
    assertThat(metrics().get("effective_rank").asDouble()).isBetween(1.0, 2.0);
    assertThat(metrics().get("mean_cosine_within").asDouble())
        .isGreaterThan(metrics().get("mean_cosine_between").asDouble() + 0.3);
    assertThat(metrics().get("heldout_cosine").asDouble()).isBetween(0.8, 1.0);
  }

  @Test
  void aVectorPerClassGetsTheNoiseOfPrompts() throws IOException {
    npy("v.npy", "(3, 4)", 2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 1, 0);
    List<Row> exact = embed(precomputed("v.npy", ", shared-noise = 0, own-noise = 0"), LABELS);
    assertThat(vector(exact.get(0))).containsExactly(1, 0, 0, 0);
    assertThat(vector(exact.get(5))).containsExactly(0, 1, 0, 0);
    List<Row> shared = embed(precomputed("v.npy", ", shared-noise = 0.35, own-noise = 0"), LABELS);
    List<Row> again = embed(precomputed("v.npy", ", shared-noise = 0.35, own-noise = 0"), LABELS);
    assertThat(again).isEqualTo(shared);
    // Of a unit vector and a shift of length 0.35, the direction is at most asin(0.35) away.
    assertThat(shared)
        .allSatisfy(
            r -> {
              double own = vector(r)[r.getInt(0)];
              assertThat(own)
                  .isGreaterThanOrEqualTo(Math.cos(Math.asin(0.35)) - 1e-6)
                  .isLessThan(1);
            });
    // The shift of one prompt is the same for all classes: component 3 before scaling.
    double[] first = vector(shared.get(0));
    double[] second = vector(shared.get(3));
    double scale = (first[1] - first[3] * second[1] / second[3]) / first[3];
    assertThat(Math.abs(scale))
        .as("class 1 differs from class 0 by its unit vector")
        .isGreaterThan(1);
    assertThat(first[2] / first[3]).isEqualTo(second[2] / second[3], within(1e-4));
  }

  private static org.assertj.core.data.Offset<Double> within(double value) {
    return org.assertj.core.data.Offset.offset(value);
  }

  @Test
  void aVectorPerPromptIsTakenAsItIs() throws IOException {
    float[] values = new float[3 * 4 * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1 + i;
    }
    Map<String, HostArray> arrays =
        Map.of("e", HostArray.of(values, 3, 4, 2), "x", HostArray.of(new float[1], 1));
    try (OutputStream out = Files.newOutputStream(folder.resolve("v.safetensors"))) {
      Safetensors.write(out, arrays, Map.of());
    }
    Files.writeString(folder.resolve("rows.txt"), "0 Pear\n1 apple\n2 maple tree\n");
    String rows = ", tensor = e, labels = \"" + folder.resolve("rows.txt") + "\"";
    List<Row> embedded = embed(precomputed("v.safetensors", rows), LABELS);
    assertThat(embedded).hasSize(9);
    double length = Math.hypot(13, 14);
    assertThat(vector(embedded.get(2)))
        .containsExactly((float) (13 / length), (float) (14 / length));
    assertThatThrownBy(() -> embed(precomputed("v.safetensors", ""), LABELS))
        .hasMessageContaining("embedding.precomputed.tensor");
    assertThatThrownBy(
            () -> embed(precomputed("v.safetensors", rows) + "\nprompts.train = 4", LABELS))
        .hasMessageContaining("holds 4 prompts per class");
  }

  @Test
  void filesThatDoNotFitAreNamed() throws IOException {
    npy("two.npy", "(2, 2)", 1, 0, 0, 1);
    npy("zero.npy", "(3, 2)", 1, 0, 0, 0, 0, 1);
    npy("flat.npy", "(3,)", 1, 0, 0);
    assertThatThrownBy(() -> embed(precomputed("two.npy", ""), LABELS))
        .hasMessageContaining("holds 2 rows, but there are 3 labels");
    assertThatThrownBy(() -> embed(precomputed("zero.npy", ""), LABELS))
        .hasMessageContaining("row 1 (maple_tree)");
    assertThatThrownBy(() -> embed(precomputed("flat.npy", ""), LABELS))
        .hasMessageContaining("[C,D] or [C,P,D]");
    assertThatThrownBy(() -> embed(precomputed("none.npy", ""), LABELS))
        .hasMessageContaining("no such file");
  }

  @Test
  void aLanguageModelMustBeNamed() {
    assertThatThrownBy(() -> embed("embedding.encoder = transformer", LABELS))
        .hasMessageContaining("embedding.model must name the folder of a language model")
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.USAGE);
  }

  @Test
  @Tag("real-data")
  void gloveVectorsOfCifar() {
    Path data = Path.of(System.getProperty("lsg.shared.dir"), "data");
    String names = data.resolve("labels/cifar100/class_names.txt").toString();
    LabelSet labels =
        LabelSet.load(
            data.resolve("labels/lsg/classnames.CLASSES_Cifar100.txt").toString(),
            new Configuration());
    String hocon =
        "embedding { encoder = precomputed, precomputed { path = \""
            + data.resolve("embeddings/cifar100/glove100d.npy")
            + "\", labels = \""
            + names
            + "\" } }";
    // The list of the reference spells "crab" as "cra".
    assertThatThrownBy(() -> embed(hocon, labels))
        .hasMessageContaining("labels without a row: cra")
        .hasMessageContaining("crab");
    LabelSet spelled =
        LabelSet.fromJson(labels.toJson().replace("\"cra\"", "\"crab\""), "labels.json");
    List<Row> rows = embed(hocon, spelled);
    assertThat(rows).hasSize(4000);
    assertThat(metrics().get("dimension").asInt()).isEqualTo(100);
    double within = 1 / (1 + 0.35 * 0.35 + 0.25 * 0.25);
    assertThat(metrics().get("mean_cosine_within").asDouble()).isEqualTo(within, within(0.02));
    assertThat(metrics().get("mean_cosine_between").asDouble()).isLessThan(0.5);
    assertThat(metrics().get("effective_rank").asDouble()).isBetween(40.0, 99.0);
  }
}
