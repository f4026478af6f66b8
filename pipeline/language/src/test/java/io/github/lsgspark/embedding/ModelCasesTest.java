package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The language models of shared/cases-av: right vectors, or one sentence. */
@Tag("real-data")
class ModelCasesTest {
  private static final Path CASES =
      Path.of(System.getProperty("lsg.shared.dir", "../../shared"), "cases-av");
  private static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("church bell", "foghorn", "bar"), "folder");

  @TempDir Path folder;

  private List<List<Float>> embed(String encoder, String model) {
    SparkSession spark = LocalSpark.session();
    String out = folder.resolve(model).resolve("out").toString();
    EmbedStage.run(
        spark,
        SettingsLoader.parse(
            "prompts { train = 3, heldout = 2 }, embedding { dtype = float32, encoder = "
                + encoder
                + ", model = \""
                + CASES.resolve(model).toAbsolutePath().normalize()
                + "\" }"),
        LABELS,
        out);
    List<List<Float>> vectors = new ArrayList<>();
    for (Row row :
        spark
            .read()
            .parquet(out + "/embeddings")
            .orderBy("label_id", "prompt_id")
            .collectAsList()) {
      vectors.add(row.getList(5));
    }
    return vectors;
  }

  @Test
  void castAndFilledUpTheVectorsAreTheSame() {
    List<List<Float>> sound = embed("onnx", "m0-sound");
    assertThat(sound).hasSize(15);
    assertThat(embed("onnx", "m1-int32")).as("m1-int32").isEqualTo(sound);
    assertThat(embed("onnx", "m2-fixed")).as("m2-fixed").isEqualTo(sound);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "onnx | m5-tokens-onnx | tokenizer.json: token \"church bell\" has id 22 | is 22 tokens",
        "transformer | m6-tokens | tokenizer.json: token \"church bell\" has id 22 | is 22 tokens",
        "transformer | m7-heads | m7-heads/config.json: \"num_attention_heads\" must divide | is 3",
      })
  void whatCannotBeRunIsNamed(String encoder, String model, String first, String second) {
    assertThatThrownBy(() -> embed(encoder, model))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(model, first, second)
        .hasMessageNotContaining("\n");
  }

  @Test
  void theSoundTransformerRuns() {
    assertThat(embed("transformer", "m6-sound")).hasSize(15);
  }
}
