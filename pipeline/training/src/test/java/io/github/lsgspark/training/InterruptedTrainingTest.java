package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lsgspark.testing.LocalSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Signals to the driver, and a full disk. */
@Tag("long-2")
@Timeout(300)
class InterruptedTrainingTest {
  @TempDir static Path folder;
  private static TinyTraining training;

  @BeforeAll
  static void prepare() {
    training = new TinyTraining(LocalSpark.session(), folder);
  }

  private static Process driver(String changes, String name) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    java.lang.management.ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Xmx"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            TrainingDriver.class.getName(),
            folder.toString(),
            changes,
            name));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(name + ".log").toFile())
        .start();
  }

  @Test
  void aDriverThatIsAskedToEndSavesItsStepAndGoesOnFromThere() throws Exception {
    String changes = "train { iterations = 150, validate-every = 0, checkpoint.every-steps = 0 }";
    Path running = folder.resolve("asked-running");
    Process first = driver(changes, "asked");
    while (first.isAlive() && lines(running.resolve("metrics.jsonl")) < 30) {
      Thread.sleep(20);
    }
    long start = System.nanoTime();
    first.destroy();
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(first.exitValue()).as("%s", folder.resolve("asked.log")).isEqualTo(143);
    assertThat(System.nanoTime() - start).isLessThan(30_000_000_000L);
    assertThat(running).isDirectoryContaining("glob:**step-*.json");

    Process second = driver(changes, "asked");
    assertThat(second.waitFor()).isZero();
    training.run(changes, "undisturbed");
    assertThat(Files.readAllBytes(folder.resolve("asked/model.safetensors")))
        .isEqualTo(training.file("undisturbed", "model.safetensors"));
    assertThat(Files.readString(folder.resolve("asked/metrics.json")))
        .doesNotContain("\"resumed_from_step\" : 0,");
  }

  private static long lines(Path file) throws IOException {
    if (!Files.exists(file)) {
      return 0;
    }
    try (var lines = Files.lines(file)) {
      return lines.count();
    }
  }

  @Test
  void aFullDiskCostsCheckpointsAndNotTheTraining() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    // Room for one checkpoint of 2 MB.
    assumeTrue(
        command("mount", "-t", "tmpfs", "-o", "size=3m", "none", disk.toString()) == 0,
        "a small disk can be mounted by root only");
    try {
      String changes = "train { validate-every = 0, checkpoint.every-steps = 10 }";
      training.run(changes, "full", disk.toUri().toString(), true);
      training.run(changes, "enough");
      assertThat(training.metrics("full").path("checkpoints_not_saved").asInt()).isEqualTo(2);
      assertThat(training.metrics("enough").path("checkpoints_not_saved").asInt()).isZero();
      assertThat(training.file("full", "model.safetensors"))
          .isEqualTo(training.file("enough", "model.safetensors"));
      try (var left = Files.list(disk)) {
        assertThat(left.filter(file -> file.toString().endsWith(".safetensors"))).hasSize(1);
      }
    } finally {
      command("umount", "--lazy", disk.toString());
    }
  }

  private static int command(String... command) throws Exception {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }
}
