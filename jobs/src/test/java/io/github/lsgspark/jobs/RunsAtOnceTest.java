package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten programs at once on one work directory. */
@Tag("long-2")
class RunsAtOnceTest {
  private static final int RUNS = 10;

  @TempDir Path folder;

  private Process start(int number) throws Exception {
    return LsgProcess.start(
        "512m",
        folder.resolve(number + ".log"),
        "graph",
        "--config",
        folder.resolve("run.conf").toString(),
        "--work-dir",
        folder.resolve("w").toString(),
        "--master",
        "local[1]");
  }

  @Test
  void oneMakesTheOutputsAndNineUseThem() throws Exception {
    Files.writeString(
        folder.resolve("names.txt"), "red star\nred circle\nblue star\nblue circle\n");
    Files.writeString(
        folder.resolve("run.conf"),
        "labels.file = "
            + folder.resolve("names.txt")
            + "\nembedding.encoder = lexical\ngraph { selection = knn, k = 3 }");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      processes.add(start(i));
    }
    List<String> logs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      assertThat(processes.get(i).waitFor(5, TimeUnit.MINUTES)).isTrue();
      logs.add(Files.readString(folder.resolve(i + ".log")));
      assertThat(processes.get(i).exitValue()).as(logs.get(i)).isZero();
    }
    for (String stage : List.of("embed", "graph")) {
      assertThat(logs)
          .filteredOn(log -> log.matches("(?s).*\\b" + stage + " +\\w+ done in .*"))
          .hasSize(1);
      assertThat(logs)
          .filteredOn(
              log -> log.matches("(?s).*\\b" + stage + " +\\w+ is there already: skipped.*"))
          .hasSize(RUNS - 1);
      try (Stream<Path> left = Files.list(folder.resolve("w").resolve(stage))) {
        assertThat(left.filter(path -> !path.endsWith("cache"))).hasSize(1);
      }
    }
  }
}
