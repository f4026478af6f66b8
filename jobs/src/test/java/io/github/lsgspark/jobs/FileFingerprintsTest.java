package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.Fingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files and folders that settings name count by what lies in them. */
class FileFingerprintsTest {
  private static final String BASE =
      "data.train = \"drawn:novel\", lsg.label-graph = text, train { start = random, keep = trained }\n";
  private static final StageChain CHAIN = new StageChain(OneMachine.PLAIN);

  private static Map<Stage, Fingerprint> chain(String hocon) {
    return CHAIN.ofRun(hocon);
  }

  /** On a host that is slow at bfloat16. */
  private static Fingerprint embed(String hocon) {
    return chain(hocon).get(Stages.EMBED);
  }

  private static Fingerprint prepare(String hocon) {
    return StageChain.of(
        Stages.PREPARE, SettingsLoader.load(hocon, Map.of()), StageChain.keys(), Map.of());
  }

  @Test
  void aLanguageModelCountsByItsFilesPoolingAndDtype(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("config.json"), "{}");
    String model = "embedding { encoder = transformer, model = \"" + folder + "\" }\n";
    Fingerprint before = embed(model);
    assertThat(embed(model)).isEqualTo(before);
    for (String change :
        List.of(
            "embedding.pooling = mean",
            "embedding.dtype = bfloat16",
            "embedding.encoder = onnx",
            "labels.taxonomy = \"" + folder.resolve("config.json") + "\"")) {
      assertThat(embed(model + change)).as(change).isNotEqualTo(before);
    }
    assertThat(embed(model + "embedding.batch-tokens = 99")).isEqualTo(before);
    Files.writeString(folder.resolve("tokenizer.json"), "{}");
    assertThat(embed(model)).isNotEqualTo(before);
  }

  @Test
  void unseenClassesCountByTheirNamesOrTheirDraw(@TempDir Path folder) throws IOException {
    Path names = Files.writeString(folder.resolve("unseen.txt"), "cat");
    String file = BASE + "data.unseen-classes.file = \"" + names + "\"\n";
    Fingerprint named = prepare(file);
    assertThat(prepare(file + "data.unseen-classes.seed = 2")).isEqualTo(named);
    assertThat(prepare(file + "data.unseen-classes.keep-unlabelled = false")).isNotEqualTo(named);
    Files.writeString(names, "dog");
    assertThat(prepare(file)).isNotEqualTo(named);
    String drawn = BASE + "data.unseen-classes.count = 5\n";
    assertThat(prepare(drawn + "data.unseen-classes.seed = 2")).isNotEqualTo(prepare(drawn));
  }

  @Test
  void aFileAddedToTheDataChangesPrepare(@TempDir Path folder) throws IOException {
    Files.createDirectories(folder.resolve("train/cat"));
    Files.write(folder.resolve("train/cat/1.png"), new byte[] {1});
    String settings = "data.train = \"" + folder + "\"";
    Fingerprint before = prepare(settings);
    assertThat(prepare(settings)).isEqualTo(before);

    Files.write(folder.resolve("train/cat/2.png"), new byte[] {2});
    assertThat(prepare(settings)).isNotEqualTo(before);
  }

  @Test
  void aMissingPathNamesItsKey() {
    assertThatThrownBy(() -> prepare("data.train = /does/not/exist"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("data.train")
        .hasMessageContaining("/does/not/exist")
        .extracting(e -> ((LsgException) e).exitCode())
        .isEqualTo(LsgException.INPUT);
  }
}
