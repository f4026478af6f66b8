package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LsgTest {
  @TempDir Path folder;

  /** Exit code, and what went to the error stream. */
  private record Outcome(int code, String error) {}

  private static Outcome lsg(String... arguments) {
    PrintStream original = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      return new Outcome(Lsg.execute(arguments), captured.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(original);
    }
  }

  private Outcome run(String command, String hocon) throws IOException {
    Path file = folder.resolve("test.conf");
    Files.writeString(file, hocon);
    return lsg(command, "--config", file.toString(), "--work-dir", folder.resolve("w").toString());
  }

  @Test
  void wrongUsageIsExitTwo() {
    assertThat(lsg("bake").code()).isEqualTo(2);
    assertThat(lsg("run").code()).isEqualTo(2);
    assertThat(lsg("run", "--config", folder.resolve("none.conf").toString()).code()).isEqualTo(2);
  }

  @Test
  void aWrongConfigurationIsExitTwoWithKeyFileAndLineAndNoStackTrace() throws IOException {
    Outcome outcome = run("run", "data {\n  trian = x\n}\n");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.error())
        .contains("test.conf:2")
        .contains("data.trian")
        .doesNotContain("\tat ");
    assertThat(run("run", "train.iterations = many").code()).isEqualTo(2);
    assertThat(run("run", "graph.edge-ratio = 7").code()).isEqualTo(2);
    assertThat(run("run", "").error()).contains("data.train");
  }

  @Test
  void missingDataIsExitThree() throws IOException {
    Outcome outcome = run("prepare", "data.train = /does/not/exist");
    assertThat(outcome.code()).isEqualTo(3);
    assertThat(outcome.error()).contains("/does/not/exist").doesNotContain("\tat ");
  }

  @Test
  void aMissingGpuIsExitFour() {
    Outcome outcome = lsg("doctor", "-D", "train.device=cuda");
    assertThat(outcome.code()).isEqualTo(hasGpu() ? 0 : 4);
    assertThat(lsg("doctor").code()).isZero();
  }

  private static boolean hasGpu() {
    return io.github.lsgspark.torch.NativeTorch.cudaAvailable();
  }

  @Test
  void oldOutputsAreRemovedOnRequestOnly() throws IOException {
    Path output = Files.createDirectories(folder.resolve("w/graph/0123456789abcdef"));
    Files.writeString(
        output.resolve("manifest.json"),
        "{\"finished\": \"2020-01-01T00:00:00Z\", \"inputs\": {}}");
    String work = folder.resolve("w").toString();
    assertThat(lsg("gc", "--work-dir", work, "--older-than", "0").error()).contains("at least 1");
    assertThat(lsg("gc", "--work-dir", work).code()).isZero();
    assertThat(output).exists();
    assertThat(lsg("gc", "--work-dir", work, "--delete").code()).isZero();
    assertThat(output).doesNotExist();
    assertThat(lsg("gc", "--work-dir", folder.resolve("none").toString()).code()).isEqualTo(3);
  }

  @Test
  void helpIsExitZero() {
    assertThat(lsg("--help").code()).isZero();
    assertThat(lsg("run", "--help").code()).isZero();
  }
}
