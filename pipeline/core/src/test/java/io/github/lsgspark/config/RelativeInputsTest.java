package io.github.lsgspark.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Relative paths lead from the current folder, then from that of the configuration. */
class RelativeInputsTest {
  @TempDir Path folder;

  /** In the current folder, which no test can change. */
  private final Path here = Path.of("target", "relative-" + UUID.randomUUID() + ".txt");

  @AfterEach
  void clean() throws IOException {
    Files.deleteIfExists(here);
  }

  private Config load(String hocon, Map<String, String> overrides) throws IOException {
    Path file = Files.writeString(folder.resolve("run.conf"), hocon);
    return SettingsLoader.load(file, overrides).effective();
  }

  private Path beside(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "cat\ndog\n");
  }

  @Test
  void whatLiesBesideTheConfigurationIsFoundThere() throws IOException {
    Path names = beside("lists/names.txt");
    Config config =
        load(
            """
labels.file = lists/names.txt
pretrain.labels.file = lists/names.txt
compare.methods { a { labels.file = lists/names.txt }, "b.c" { prompts.file = "lists/names.txt" } }
""",
            Map.of());
    assertThat(config.getString("labels.file")).isEqualTo(names.toString());
    assertThat(config.getString("pretrain.labels.file")).isEqualTo(names.toString());
    assertThat(config.getString("compare.methods.a.labels.file")).isEqualTo(names.toString());
    assertThat(config.getString("compare.methods.\"b.c\".prompts.file"))
        .isEqualTo(names.toString());
  }

  @Test
  void anIncludedFilesPathsLeadFromItsOwnFolder() throws IOException {
    Path names = beside("site/names.txt");
    Files.writeString(folder.resolve("site/base.conf"), "labels.file = names.txt");
    Config config = load("include \"site/base.conf\"", Map.of());
    assertThat(config.getString("labels.file")).isEqualTo(names.toString());
  }

  @Test
  void whatLiesInTheCurrentFolderKeepsItsPath() throws IOException {
    Files.writeString(here, "cat\ndog\n");
    assertThat(load("labels.file = " + here, Map.of()).getString("labels.file"))
        .isEqualTo(here.toString());
  }

  @Test
  void twoThatDifferAreExitTwoAndBothAreNamed() throws IOException {
    Files.writeString(here, "cat\ndog\n");
    Path other = beside(here.toString());
    assertThatThrownBy(() -> load("seed = 1\nlabels.file = " + here, Map.of()))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(2))
        .hasMessageContaining("run.conf:2: labels.file = " + here)
        .hasMessageContaining(here.toAbsolutePath().toString())
        .hasMessageContaining(other.toString());
    // A link to the same file is no other.
    Files.delete(other);
    Files.createSymbolicLink(other, here.toAbsolutePath());
    assertThat(load("labels.file = " + here, Map.of()).getString("labels.file"))
        .isEqualTo(here.toString());
  }

  @Test
  void whatTheCommandLineSaysIsMeantFromTheCurrentFolder() throws IOException {
    beside("names.txt");
    Config config = load("", Map.of("labels.file", "names.txt"));
    assertThat(config.getString("labels.file")).isEqualTo("names.txt");
    assertThat(RelativeInputs.lookedFor(config, "labels.file"))
        .containsExactly(Path.of("names.txt").toAbsolutePath().toString());
  }

  @Test
  void whatIsNowhereSaysWhereItWasLookedFor() throws IOException {
    Config config = load("labels.file = ../unwritten-names.txt", Map.of());
    assertThat(config.getString("labels.file")).isEqualTo("../unwritten-names.txt");
    assertThat(RelativeInputs.lookedFor(config, "labels.file"))
        .isEqualTo(
            List.of(
                Path.of("../unwritten-names.txt").toAbsolutePath().normalize().toString(),
                folder.resolveSibling("unwritten-names.txt").toString()));
  }

  @Test
  void addressesDrawnSamplesAndTheWordPretrainAreNoPaths() throws IOException {
    beside("pretrain");
    Config config =
        load(
            "data { train = \"drawn:novel\", test = \"hdfs://h/x\" }, train.weights = pretrain",
            Map.of());
    assertThat(config.getString("data.train")).isEqualTo("drawn:novel");
    assertThat(config.getString("data.test")).isEqualTo("hdfs://h/x");
    assertThat(config.getString("train.weights")).isEqualTo("pretrain");
  }
}
