package io.github.lsgspark.submit;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Runs the executors' pods of the mock, each as a process of this machine instead of a container:
 * with the environment of its pod, and the command that the entry point of Spark's image makes of
 * it. There is no image, no isolation, and no volume but a folder for scratch.
 */
final class ProcessKubelet implements AutoCloseable {
  private final MockKubernetes kubernetes;
  private final Path folder;
  private final Map<String, Process> processes = new ConcurrentHashMap<>();
  private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();
  private final ScheduledFuture<?> turns;
  private volatile Exception failure;

  ProcessKubelet(MockKubernetes kubernetes, Path folder) {
    this.kubernetes = kubernetes;
    this.folder = folder;
    turns = loop.scheduleWithFixedDelay(this::turn, 0, 200, TimeUnit.MILLISECONDS);
  }

  /** The pods that ever ran, and their processes. */
  Map<String, Process> processes() {
    return processes;
  }

  /** What went wrong in here; null: nothing. */
  Exception failure() {
    return failure;
  }

  private void turn() {
    try {
      List<Pod> pods = kubernetes.pods("executor");
      for (Pod pod : pods) {
        String name = pod.getMetadata().getName();
        Process process = processes.get(name);
        if (process == null) {
          processes.put(name, start(pod));
          kubernetes.running(pod);
        } else if (!process.isAlive() && pod.getStatus().getPhase().equals("Running")) {
          kubernetes.end(pod, process.exitValue());
        }
      }
      // A pod that was deleted ends.
      List<String> there = pods.stream().map(pod -> pod.getMetadata().getName()).toList();
      processes.forEach(
          (name, process) -> {
            if (!there.contains(name)) {
              process.destroy();
            }
          });
    } catch (Exception e) {
      failure = e;
    }
  }

  private Process start(Pod pod) throws Exception {
    String name = pod.getMetadata().getName();
    Path home = Files.createDirectories(folder.resolve(name));
    Container container = pod.getSpec().getContainers().get(0);
    Map<String, String> environment = new TreeMap<>();
    List<String> options = new ArrayList<>();
    for (EnvVar variable : container.getEnv()) {
      String value =
          variable.getValueFrom() == null || variable.getValueFrom().getFieldRef() == null
              ? variable.getValue()
              : switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
                case "status.podIP" -> "127.0.0.1";
                case "metadata.name" -> name;
                default -> throw new IllegalStateException("unknown field " + variable);
              };
      if (variable.getName().startsWith("SPARK_JAVA_OPT_")) {
        options.add(value);
      }
      if (value != null) {
        environment.put(variable.getName(), value);
      }
    }
    environment.put(
        "SPARK_LOCAL_DIRS", Files.createDirectories(home.resolve("scratch")).toString());
    environment.remove("SPARK_CONF_DIR");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"),
            "-cp",
            YarnCluster.SPARK_HOME + "/jars/*",
            "org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend",
            "--driver-url",
            environment.get("SPARK_DRIVER_URL"),
            "--executor-id",
            environment.get("SPARK_EXECUTOR_ID"),
            "--cores",
            environment.get("SPARK_EXECUTOR_CORES"),
            "--app-id",
            environment.get("SPARK_APPLICATION_ID"),
            "--hostname",
            environment.get("SPARK_EXECUTOR_POD_IP"),
            "--resourceProfileId",
            environment.get("SPARK_RESOURCE_PROFILE_ID"),
            "--podName",
            environment.get("SPARK_EXECUTOR_POD_NAME")));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("log.txt").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  @Override
  public void close() {
    turns.cancel(true);
    loop.shutdownNow();
    processes.values().forEach(Process::destroyForcibly);
  }
}
