package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.lsgspark.submit.Shell.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Airflow DAGs on what the launcher exports: executed against the recorded signatures of
 * several versions of Airflow, with every command that they would issue
 * (src/test/airflow/check_dags.py). They are Python, so this needs python3 with Jinja; without, it
 * is left out, unless the environment says LSG_PYTHON=required.
 */
@Tag("long-3")
class AirflowTest {
  @TempDir static Path folder;
  private static Optional<String> python = Optional.empty();

  @BeforeAll
  static void export() throws Exception {
    for (String candidate : List.of("python3", "/usr/bin/python3")) {
      if (python.isEmpty() && works(candidate)) {
        python = Optional.of(candidate);
      }
    }
    assumeTrue(
        python.isPresent() || "required".equals(System.getenv("LSG_PYTHON")),
        "python3 with Jinja is needed (Debian: python3-jinja2)");
    Files.writeString(
        folder.resolve("mine.conf"),
        "data.train = \"drawn:base\", cluster.gpus-per-executor = 1\n"
            + "train { start = random, keep = trained }");
    ExecutorService two = Executors.newFixedThreadPool(2);
    try {
      List<Future<?>> printed = new ArrayList<>();
      for (String kind : List.of("yarn", "kubernetes")) {
        printed.add(
            two.submit(() -> print(kind, kind + ".lsg.json", "run", "--export", "--dry-run")));
        printed.add(two.submit(() -> print(kind, kind + ".train.json", "train", "--dry-run=json")));
      }
      for (Future<?> each : printed) {
        each.get();
      }
    } finally {
      two.shutdown();
    }
  }

  private static boolean works(String candidate) {
    try {
      return Shell.run(folder, Map.of(), candidate, "-c", "import jinja2").code() == 0;
    } catch (Exception e) {
      return false; // no such program
    }
  }

  private static Void print(String kind, String file, String... command) throws Exception {
    List<String> words = new ArrayList<>();
    words.add(Shell.HOME.resolve("submit/lsg").toString());
    words.addAll(List.of(command));
    words.addAll(List.of("--config", folder.resolve("mine.conf").toString()));
    words.addAll(List.of("--work-dir", folder.resolve("w").toUri().toString()));
    words.addAll(List.of("--deploy-mode", "cluster"));
    words.addAll(
        kind.equals("yarn")
            ? List.of("--master", "yarn", "--jar", "hdfs:///lsg/lsg.jar")
            : List.of(
                "--master",
                "k8s://https://127.0.0.1:6443",
                "--conf",
                "spark.kubernetes.container.image=registry.example/lsg:1"));
    Outcome outcome = Shell.run(folder, Map.of("SPARK_HOME", ""), words.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.log()).isZero();
    Files.writeString(folder.resolve(file), outcome.out());
    return null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.7.3", "2.9.3", "2.10.0", "3.0.0.dev0"})
  void theDagsAreSoundInAirflow(String version) throws Exception {
    Path tests = Shell.HOME.resolve("submit/src/test/airflow");
    Outcome outcome =
        Shell.run(
            folder,
            Map.of("PYTHONDONTWRITEBYTECODE", "1"),
            python.orElseThrow(() -> new AssertionError("python3 with Jinja is required here")),
            tests.resolve("check_dags.py").toString(),
            tests.resolve("signatures/" + version + ".json").toString(),
            folder.toString());
    assertThat(outcome.code()).as(outcome.log()).isZero();
    assertThat(outcome.log()).containsPattern("Ran [1-9][0-9]+ tests in [0-9.]+s\\s+OK");
  }

  @Test
  void anExportAndADryRunAreForClusters() throws Exception {
    for (String option : new String[] {"--export", "--dry-run"}) {
      Outcome outcome =
          Shell.run(
              folder,
              Map.of(),
              Shell.HOME.resolve("submit/lsg").toString(),
              "run",
              "--config",
              folder.resolve("mine.conf").toString(),
              option);
      assertThat(outcome.code()).isEqualTo(2);
      assertThat(outcome.log()).contains(option).contains("are for clusters: give --master");
    }
  }
}
