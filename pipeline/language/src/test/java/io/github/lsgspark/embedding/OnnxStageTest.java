package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same weights as an ONNX graph and as safetensors. */
@Tag("real-data")
class OnnxStageTest {
  private static final Path MODEL =
      Path.of(
          System.getProperty("lsg.shared.dir", "../../shared"),
          "plm/text/models/tiny-bert-uncased");
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("Boeing 707-320", "C++", "Café", "😀 face"), "folder");

  @TempDir Path folder;

  private List<Row> embed(String encoder, Path model) {
    SparkSession spark = LocalSpark.session();
    String out = folder.resolve(encoder).toString();
    EmbedStage.run(
        spark,
        SettingsLoader.parse(
            "prompts { train = 7, heldout = 0 }, embedding { dtype = float32, encoder = "
                + encoder
                + ", model = \""
                + model.toAbsolutePath().normalize()
                + "\" }"),
        LABELS,
        out);
    return spark
        .read()
        .parquet(out + "/embeddings")
        .orderBy("label_id", "prompt_id")
        .collectAsList();
  }

  @Test
  void graphAndLayersAgree() {
    List<Row> graph = embed("onnx", MODEL);
    List<Row> layers = embed("transformer", MODEL);
    assertThat(graph).hasSameSizeAs(layers).hasSize(28);
    for (int i = 0; i < graph.size(); i++) {
      List<Float> expected = layers.get(i).getList(5);
      List<Float> actual = graph.get(i).getList(5);
      for (int d = 0; d < expected.size(); d++) {
        assertThat(actual.get(d)).isCloseTo(expected.get(d), within(1e-4f));
      }
    }
  }

  @Test
  void aDamagedGraphIsNamed() throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    Files.copy(MODEL.resolve("tokenizer.json"), model.resolve("tokenizer.json"));
    assertThatThrownBy(() -> embed("onnx", model))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("model: holds no model.onnx, but: tokenizer.json");
    byte[] graph = Files.readAllBytes(MODEL.resolve("model.onnx"));
    Files.write(model.resolve("model.onnx"), Arrays.copyOf(graph, graph.length / 2));
    assertThatThrownBy(() -> embed("onnx", model))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("model.onnx: is no ONNX graph, damaged or cut off at byte");
  }
}
