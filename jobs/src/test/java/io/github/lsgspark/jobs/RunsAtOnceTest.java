package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ten programs at once on one work directory. */
class RunsAtOnceTest {
  private static final int RUNS = 10;

  @TempDir Path folder;

  private Process start(int number) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx512m",
            "-Dlog4j2.configurationFile=file:"
                + Path.of("../conf/logging/log4j2.properties").toAbsolutePath().normalize(),
            "-cp",
            System.getProperty("java.class.path"),
            Lsg.class.getName(),
            "graph",
            "--config",
            folder.resolve("run.conf").toString(),
            "--work-dir",
            folder.resolve("w").toString(),
            "--master",
            "local[1]"));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve(number + ".log").toFile())
        .start();
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
