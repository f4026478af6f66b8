package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.UnlabelledSamples;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionTest {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final LabelSet LABELS = LabelSet.fromFolders(List.of("a", "b", "c"), "folder");
  private static final EvaluateSettings SETTINGS =
      SettingsLoader.parse("evaluate.batch = " + ById.BATCH).evaluate();

  @TempDir Path folder;

  private Map<String, Object> predict() {
    return predict(new ById(false));
  }

  private Map<String, Object> predict(ModelOpener model) {
    return predict(model, false);
  }

  private Map<String, Object> predict(ModelOpener model, boolean samplesExpected) {
    Settings settings = SettingsLoader.parse("");
    Dataset<Row> checked =
        new UnlabelledSamples(SPARK, settings, folder.resolve("out").toString())
            .of(folder.resolve("in").toString());
    Classifiers classifiers =
        Classifiers.predicting(
            SPARK,
            SETTINGS,
            SeenClasses.of(3, 0, 1, 2),
            () -> {
              throw new AssertionError("the head needs no distances");
            });
    return new Prediction(SPARK, SETTINGS, LABELS, classifiers, model, () -> Nearby.NONE)
        .run(checked, folder.resolve("out").toString(), samplesExpected);
  }

  @Test
  void picturesAreLabelledAndTheRestIsListed() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    for (int i = 0; i < 9; i++) {
      ImageIO.write(
          new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB),
          "png",
          in.resolve("p" + i + "#" + i / 3 + "0.png").toFile());
    }
    Files.writeString(in.resolve("page.jpg"), "<html></html>");
    Map<String, Object> metrics = predict();
    assertThat(metrics).containsEntry("samples", 9L).containsEntry("rejected", 1L);
    assertThat(metrics.get("predicted")).isEqualTo(Map.of("a", 3L, "b", 3L, "c", 3L));
    List<Row> rows =
        SPARK
            .read()
            .parquet(folder.resolve("out/predictions").toString())
            .orderBy("id")
            .collectAsList();
    assertThat(rows.get(8).<String>getAs("id")).isEqualTo("p8#20.png");
    assertThat(rows.get(8).<String>getAs("predicted")).isEqualTo("c");
    Row rejected = SPARK.read().parquet(folder.resolve("out/rejected").toString()).first();
    assertThat(rejected.<String>getAs("id")).isEqualTo("page.jpg");
    assertThat(rejected.<String>getAs("reason")).isEqualTo("NOT_AN_IMAGE");
    assertThat(rows.get(8).<String>getList(rows.get(8).fieldIndex("top")).get(0)).isEqualTo("c");
    assertThat(rows.get(8).<Double>getAs("entropy")).isBetween(0.0, Math.log(3));
    assertThat(rows.get(8).<Boolean>getAs("unlike")).as("not looked for").isNull();
    oneFile();
  }

  private void oneFile() throws Exception {
    String out = folder.resolve("out").toString();
    Path csv = folder.resolve("labels.csv");
    PredictionFile.write(SPARK, out, csv.toString(), 2);
    List<String> lines = Files.readAllLines(csv);
    assertThat(lines).hasSize(11);
    assertThat(lines.get(0))
        .isEqualTo(
            "path,label,probability,entropy,unlike,similarity,nearest,error,label_2,probability_2");
    assertThat(lines.get(1)).startsWith("p0#00.png,a,0.");
    assertThat(lines.get(10)).startsWith("page.jpg,,,,,,,").contains("NOT_AN_IMAGE: ");
    Path jsonl = folder.resolve("labels.jsonl");
    PredictionFile.write(SPARK, out, jsonl.toString(), 1);
    // A second time: the file is replaced.
    PredictionFile.write(SPARK, out, jsonl.toString(), 3);
    List<JsonNode> objects = new ArrayList<>();
    for (String line : Files.readAllLines(jsonl)) {
      objects.add(new ObjectMapper().readTree(line));
    }
    assertThat(objects).hasSize(10);
    assertThat(objects.get(9).path("error").asText()).startsWith("NOT_AN_IMAGE");
    JsonNode top = objects.get(8).path("top");
    assertThat(top).hasSize(3);
    assertThat(top.get(0).path("label").asText()).isEqualTo("c");
    assertThat(objects.get(8).path("probability")).isEqualTo(top.get(0).path("probability"));
    Path parquet = folder.resolve("labels.parquet");
    PredictionFile.write(SPARK, out, parquet.toString(), 5);
    assertThat(SPARK.read().parquet(parquet.toString()).count()).isEqualTo(10);
    assertThat(PredictionFile.lines(SPARK, out, 1, 2).get(0))
        .matches("p0#00.png: a \\d+.\\d %, . .*%");
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder("in", "out", "labels.csv", "labels.jsonl", "labels.parquet");
    }
    assertThatThrownBy(() -> PredictionFile.Format.of("labels.xlsx"))
        .isInstanceOf(LsgException.class)
        .hasMessage(
            "a file of predictions must end in .csv, .jsonl or .parquet, but was: labels.xlsx");
  }

  @Test
  void aSourceOfWhichNothingIsPredictedIsRefused() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    Files.write(in.resolve("empty.png"), new byte[0]);
    assertThatThrownBy(() -> predict(new ById(false), true))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("predict.input", "1 are set aside", "empty.png", "EMPTY_FILE");
  }

  @Test
  void nothingToLabelGivesEmptyTables() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    Files.write(in.resolve("empty.png"), new byte[0]);
    assertThat(predict()).containsEntry("samples", 0L).containsEntry("rejected", 1L);
    assertThat(SPARK.read().parquet(folder.resolve("out/predictions").toString()).count()).isZero();
  }

  /** A model of three classes that has overflown. */
  private record Overflown() implements ModelOpener, OpenModel {
    @Override
    public OpenModel open() {
      return this;
    }

    @Override
    public List<Scores> score(List<Sample> samples) {
      return samples.stream()
          .map(sample -> new Scores(new float[] {0, Float.NaN, 1}, null))
          .toList();
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
      return "model.safetensors";
    }
  }

  @Test
  void whatIsNoNumberIsNoPrediction() throws Exception {
    Path in = Files.createDirectories(folder.resolve("in"));
    ImageIO.write(
        new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB), "png", in.resolve("a.png").toFile());
    assertThatThrownBy(() -> predict(new Overflown()))
        .rootCause()
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageMatching(
            "model.safetensors: what it says of sample .*a.png is no finite number");
    assertThat(folder.resolve("out/metrics.json")).doesNotExist();
  }
}
