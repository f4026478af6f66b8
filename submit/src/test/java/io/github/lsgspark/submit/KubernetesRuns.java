package io.github.lsgspark.submit;

import static io.github.lsgspark.submit.PodChecks.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Runs of the launcher against an API server that only keeps what it is given. */
final class KubernetesRuns implements AutoCloseable {
  /** The image of all pods. */
  static final String IMAGE = "registry.example/lsg:1";

  private static final String CONFIG =
      """
      seed = 4
      data.train = "drawn:novel"
      spark.kubernetes {
        driver.secretKeyRef.AWS_SECRET_ACCESS_KEY = "store:secret"
        executor.secretKeyRef.AWS_SECRET_ACCESS_KEY = "store:secret"
      }
      """;

  private final Path folder;
  private final MockKubernetes kubernetes = new MockKubernetes();
  private final List<Process> runs = new ArrayList<>();
  private Process run;
  private Path log;

  KubernetesRuns(Path folder) {
    this.folder = folder;
  }

  @Override
  public void close() throws Exception {
    for (Process process : runs) {
      process.destroyForcibly().waitFor();
    }
    kubernetes.close();
  }

  /** The API server. */
  MockKubernetes kubernetes() {
    return kubernetes;
  }

  /** The run that was started last. */
  Process newest() {
    return run;
  }

  /** Its log. */
  Path newestLog() {
    return log;
  }

  /** Starts the launcher; the secret of its environment is hush-hush. */
  void lsg(String... more) throws Exception {
    lsg("run", Files.writeString(folder.resolve("run.conf"), CONFIG), more);
  }

  /** Starts one of its commands on a configuration. */
  void lsg(String name, Path config, String... more) throws Exception {
    Path spark = Files.createDirectories(folder.resolve("spark-conf"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Shell.HOME.resolve("submit/lsg").toString(),
                name,
                "--config",
                config.toString(),
                "--master",
                kubernetes.master(),
                "--work-dir",
                workDir(),
                "--conf",
                "spark.kubernetes.container.image=" + IMAGE));
    command.addAll(List.of(more));
    Map<String, String> environment =
        Map.of(
            "SPARK_HOME", YarnCluster.SPARK_HOME,
            "SPARK_CONF_DIR", spark.toString(),
            "SPARK_LOCAL_IP", "127.0.0.1",
            "KUBECONFIG", folder.resolve("none").toString(),
            "GOMP_SPINCOUNT", "777",
            "AWS_SECRET_ACCESS_KEY", "hush-hush",
            "LSG_DRIVER_MEMORY", "");
    log = folder.resolve("log-" + runs.size() + ".txt");
    run = Shell.start(environment, log, log, command.toArray(String[]::new));
    runs.add(run);
  }

  /** Where the runs have their outputs. */
  String workDir() {
    return "file://" + folder.resolve("w");
  }

  /** What the newest run has said. */
  String log() throws Exception {
    return Files.readString(log);
  }

  /** Waits for pods of a role, as long as the newest run lasts. */
  List<Pod> pods(String role, int count) throws Exception {
    try {
      return kubernetes.awaitPods(role, count, run);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(log(), e);
    }
  }

  /**
   * Waits until the newest run's submission has looked at its pod for a while. Spark takes the pod
   * from a watch and from a first look, on two threads: of a pod that fails in between, the older
   * state can be the one that it keeps, and then it waits without end.
   */
  void awaitWatched() throws Exception {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!log().contains("Application status for")) {
      assertThat(run.isAlive() && System.nanoTime() < end).as(log()).isTrue();
      Thread.sleep(100);
    }
  }

  /** Waits for the end of the newest run. */
  int exitCode() throws Exception {
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).as(log()).isTrue();
    return run.exitValue();
  }

  /** The configuration map that is mounted there, which comes after the pod. */
  ConfigMap configMap(Pod pod, String path) throws Exception {
    return kubernetes
        .client()
        .configMaps()
        .inNamespace(MockKubernetes.NAMESPACE)
        .withName(volume(pod, path).getConfigMap().getName())
        .waitUntilCondition(Objects::nonNull, 1, TimeUnit.MINUTES);
  }
}
