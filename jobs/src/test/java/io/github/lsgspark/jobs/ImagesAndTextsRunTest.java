package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heads in the space of a CLIP's images and texts, both from one directory. */
@Tag("long-7")
class ImagesAndTextsRunTest {
  private static final String HOCON =
      """
      data {
        train = "drawn:novel", label-budget = "50%%"
        drawn { image-size = 16, novel-classes = 3, train-per-class = 8, test-per-class = 4 }
      }
      prompts { train = 2, heldout = 1 }
      embedding { encoder = transformer, model = "%1$s", pooling = end-of-text, dtype = float32 }
      graph.edge-ratio = 0.5
      gcn { iterations = 3, evaluate-every = 3 }
      train { enabled = false, backbone = auto, weights = "%1$s", image-size = 16 }
      head { enabled = true, kind = %2$s }
      """;

  @TempDir Path folder;
  private Path model;

  @BeforeEach
  void write() throws Exception {
    model = TinyClip.write(folder.resolve("clip"));
  }

  private RunRecord run(String kind, String more) throws Exception {
    String hocon = HOCON.formatted(model, kind) + more;
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of());
        PipelineRun run =
            new PipelineRun(
                SettingsLoader.load(hocon, Map.of()), folder.resolve("w").toString(), spark)) {
      return run.execute(Goal.run(Stages.of(List.of())));
    }
  }

  private static Path output(RunRecord record, Stage stage) {
    return Path.of(record.head().stages().get(stage).path().replaceFirst("^file:", ""));
  }

  /** The classifier of the model, without the temperature, is the mean prompt of each class. */
  @Test
  void zeroShotIsTheTextsOfTheDirectoryOnItsImages() throws Exception {
    RunRecord record = run("zero-shot", "");
    Path head = output(record, Stages.HEAD);
    HostArray weight = Safetensors.map(head.resolve("model.safetensors")).get("classifier.weight");
    assertThat(weight.shape()).isEqualTo(new long[] {3, 12});
    List<Row> rows;
    try (SparkLauncher spark = new SparkLauncher("local[1]", Map.of())) {
      rows =
          spark
              .session()
              .read()
              .parquet(output(record, Stages.EMBED).resolve("embeddings").toString())
              .where("split = 'train'")
              .select("label_id", "embedding")
              .collectAsList();
    }
    double[][] means = new double[3][12];
    for (Row row : rows) {
      List<Float> values = row.getList(1);
      double norm = Math.sqrt(values.stream().mapToDouble(v -> (double) v * v).sum());
      for (int i = 0; i < 12; i++) {
        means[row.getInt(0)][i] += values.get(i) / norm;
      }
    }
    float[] own = weight.floats();
    double temperature = 1 / norm(own, 0);
    for (int c = 0; c < 3; c++) {
      double length = 0;
      for (double value : means[c]) {
        length += value * value;
      }
      for (int i = 0; i < 12; i++) {
        assertThat(own[c * 12 + i] * temperature)
            .isCloseTo(means[c][i] / Math.sqrt(length), within(1e-4));
      }
    }
    assertThat(Files.readAllLines(head.resolve("candidates.csv"))).hasSize(2);
  }

  private static double norm(float[] values, int c) {
    double squares = 0;
    for (int i = 0; i < 12; i++) {
      squares += (double) values[c * 12 + i] * values[c * 12 + i];
    }
    return Math.sqrt(squares);
  }

  @Test
  void theRidgeAroundTheTextsIsJudgedBesideBothEnds() throws Exception {
    RunRecord record = run("text-ridge", "head.lambdas = [0.1, 1]\nhead.lambda = auto\n");
    String tried = Files.readString(output(record, Stages.HEAD).resolve("candidates.csv"));
    assertThat(tried.lines()).hasSize(1 + 2 * 5 + 1);
    // The control, on the same outputs of the stages before it.
    RunRecord shuffled = run("text-ridge", "head.label-texts = shuffled\n");
    assertThat(output(shuffled, Stages.EMBED)).isEqualTo(output(record, Stages.EMBED));
    assertThat(output(shuffled, Stages.HEAD)).isNotEqualTo(output(record, Stages.HEAD));
  }

  @Test
  void aWhiteningAndTextsOfAnotherSpaceAreRefused() {
    assertThatThrownBy(() -> run("zero-shot", "head.whitening = half\n"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("head.kind = zero-shot leaves features as they are");
    assertThatThrownBy(
            () -> run("text-ridge", "head { whitening = none, unlabelled = balanced }\n"))
        .hasMessageContaining("head.unlabelled is for heads that are learnt from labels alone");
    assertThatThrownBy(() -> run("zero-shot", "embedding.pooling = mean\n"))
        .hasMessageContaining("the features have 12 numbers and the texts 16")
        .hasMessageContaining("pooling = end-of-text");
  }
}
