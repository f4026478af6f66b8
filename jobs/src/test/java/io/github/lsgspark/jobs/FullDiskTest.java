package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.StorageFault;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Work directories on a disk that is full, becomes full, or cannot be written: a real one, in
 * memory, where this user may mount it.
 */
@Tag("long-8")
@Timeout(300)
class FullDiskTest {
  @TempDir Path folder;

  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(shell("mount", "-t", "tmpfs", "-o", "size=64k", "lsg-test", disk.toString()))
        .as("mounting")
        .isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    if (Files.exists(disk)) {
      shell("umount", "--lazy", disk.toString());
    }
  }

  private static int shell(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    } catch (IOException e) {
      return -1; // no such program
    }
  }

  private void size(String bytes) throws Exception {
    assertThat(shell("mount", "-o", "remount,rw,size=" + bytes, disk.toString())).isZero();
  }

  /** A file that Hadoop could not write to its end stays open until it is collected. */
  private void makeReadOnly() throws Exception {
    int code = -1;
    for (int i = 0; i < 50 && code != 0; i++) {
      System.gc();
      code = shell("mount", "-o", "remount,ro", disk.toString());
      Thread.sleep(100);
    }
    assertThat(code).isZero();
  }

  private String work() {
    return disk.resolve("w").toString();
  }

  /** Every output is there with its manifest, or not at all; nothing half of one stays. */
  private void assertNothingIsHalf() throws IOException {
    try (Stream<Path> walk = Files.walk(disk.resolve("w"), 2)) {
      List<Path> entries =
          walk.filter(path -> path.getParent().getParent().equals(disk.resolve("w"))).toList();
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        assertThat(name).doesNotStartWith("_staging").doesNotStartWith("_claim");
        if (name.matches("[0-9a-f]{16}")) {
          assertThat(entry.resolve("manifest.json")).isNotEmptyFile();
        }
      }
    }
  }

  @Test
  void aRunThatFillsTheDiskSaysSoAndGoesOnWhenThereIsRoom() throws Exception {
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      Map<String, String> undisturbed =
          TinyRun.result(folder.resolve("roomy").toString(), Stages.TRAIN, spark);
      // In the table of samples; in the model, which is written outside Spark's tables.
      for (String size : List.of("64k", "800k")) {
        size(size);
        Throwable failure = catchThrowable(() -> TinyRun.result(work(), Stages.TRAIN, spark));
        assertThat(failure).as(size).isNotNull();
        String told = Failures.message(failure).orElseThrow();
        assertThat(told)
            .contains(work() + "/", "No space left on device. The disk is full: make room, or name")
            .doesNotContain("\n")
            .doesNotContain("Job aborted")
            .doesNotContain("FSError");
        assertNothingIsHalf();
      }
      size("64m");
      assertThat(TinyRun.result(work(), Stages.TRAIN, spark)).isEqualTo(undisturbed);
      assertNothingIsHalf();
    }
  }

  private static String run(int exit, String... arguments) {
    PrintStream original = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    try {
      assertThat(Lsg.execute(arguments)).isEqualTo(exit);
    } finally {
      System.setErr(original);
    }
    String said = captured.toString(StandardCharsets.UTF_8).strip();
    assertThat(said.lines()).singleElement().asString().startsWith("lsg: ");
    return said;
  }

  @Test
  void aDiskThatIsFullOrReadOnlyIsToldBeforeAnyStage() throws Exception {
    String config =
        Files.writeString(
                folder.resolve("run.conf"),
                "data.train = \"drawn:novel\"\nembedding.encoder = lexical")
            .toString();
    Files.write(disk.resolve("filling"), new byte[64 << 10]);
    for (String command : List.of("prepare", "run", "predict")) {
      assertThat(run(LsgException.ENVIRONMENT, command, "--config", config, "--work-dir", work()))
          .contains("--work-dir " + work() + " cannot be written: ", "The disk is full: make room");
    }
    Files.delete(disk.resolve("filling"));
    makeReadOnly();
    assertThat(run(LsgException.ENVIRONMENT, "train", "--config", config, "--work-dir", work()))
        .contains("--work-dir " + work() + " cannot be written: ")
        .contains("(Read-only file system): nothing can be written there. Name another --work-dir");
  }

  @Test
  void aDiskThatBecomesReadOnlyIsTold() throws Exception {
    size("64m");
    try (SparkLauncher spark = new SparkLauncher("local[2]", Map.of())) {
      makeReadOnly();
      Throwable failure = catchThrowable(() -> TinyRun.result(work(), Stages.TRAIN, spark));
      assertThat(StorageFault.of(failure)).isPresent();
      assertThat(Failures.message(failure).orElseThrow()).contains(work()).doesNotContain("\n");
    }
  }
}
