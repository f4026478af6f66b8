package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.testing.LocalSpark;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The stage with a language model that a test makes itself, and may damage. */
final class OwnModel {
  static final LabelSet LABELS =
      LabelSet.fromFolders(List.of("apple", "maple_tree", "pear", "tree"), "folder");

  private final Path folder;
  private Path model;

  /** Writes the model. */
  OwnModel(Path folder) throws IOException {
    this.folder = folder;
    use("model");
  }

  /** Runs the stage; the vectors of all prompts. */
  float[][] embed(LabelSet labels, String out, String... more) {
    String hocon =
        "prompts { train = 3, heldout = 2 }, embedding { encoder = transformer, dtype = float32,"
            + " model = \""
            + model
            + "\" }\n"
            + String.join("\n", more);
    // Asked for each time: another class of tests in this JVM may have stopped the one before.
    SparkSession spark = LocalSpark.session();
    EmbedStage.run(spark, SettingsLoader.parse(hocon), labels, folder.resolve(out).toString());
    List<Row> rows =
        spark
            .read()
            .parquet(folder.resolve(out + "/embeddings").toString())
            .orderBy("label_id", "prompt_id")
            .collectAsList();
    float[][] vectors = new float[rows.size()][];
    for (int i = 0; i < vectors.length; i++) {
      List<Float> values = rows.get(i).getList(5);
      vectors[i] = new float[values.size()];
      for (int d = 0; d < vectors[i].length; d++) {
        vectors[i][d] = values.get(d);
      }
    }
    return vectors;
  }

  /** The folder of the model. */
  Path path() {
    return model;
  }

  /** Writes the model into another folder, which is taken from now on. */
  void use(String name) throws IOException {
    model = TinyBert.write(folder.resolve(name));
  }

  /** Takes a folder that may not be there. */
  void take(String name) {
    model = folder.resolve(name);
  }

  /** In the test's own memory: some tests write the file anew. */
  Map<String, HostArray> weights() throws IOException {
    return Safetensors.read(Files.readAllBytes(model.resolve("model.safetensors")), "model");
  }

  /** Checks that the stage refuses the model as it is. */
  void assertInput(String... messages) {
    assertThatThrownBy(() -> embed(LABELS, "bad"))
        .satisfies(
            failure -> {
              Throwable cause = failure;
              while (cause != null && !(cause instanceof LsgException)) {
                cause = cause.getCause();
              }
              assertThat(cause).as(failure.toString()).isNotNull();
              assertThat(((LsgException) cause).exitCode()).isEqualTo(LsgException.INPUT);
              assertThat(cause).hasMessageContainingAll(messages);
            });
    assertThat(folder.resolve("bad/embeddings/_SUCCESS")).doesNotExist();
  }
}
