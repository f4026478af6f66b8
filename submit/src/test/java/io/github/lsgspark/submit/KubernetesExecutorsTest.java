package io.github.lsgspark.submit;

import static io.github.lsgspark.submit.PodChecks.assertResources;
import static io.github.lsgspark.submit.PodChecks.assertSoundAndConfined;
import static io.github.lsgspark.submit.PodChecks.container;
import static io.github.lsgspark.submit.PodChecks.environment;
import static io.github.lsgspark.submit.PodChecks.labels;
import static io.github.lsgspark.submit.PodChecks.volume;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pods of executors that Spark asks an API server for by our settings, and a training that
 * loses one.
 */
@Tag("long-6")
class KubernetesExecutorsTest {
  @TempDir Path folder;
  private KubernetesRuns runs;

  @BeforeEach
  void start() {
    runs = new KubernetesRuns(folder);
  }

  @AfterEach
  void stop() throws Exception {
    runs.close();
  }

  @Test
  void executorsHaveTheirGpusVolumesAndOwner() throws Exception {
    Pod driver =
        runs.kubernetes()
            .client()
            .resource(
                new PodBuilder()
                    .withNewMetadata()
                    .withName("notebook")
                    .withNamespace(MockKubernetes.NAMESPACE)
                    .endMetadata()
                    .withNewSpec()
                    .endSpec()
                    .withNewStatus()
                    .withPhase("Running")
                    .addNewCondition()
                    .withType("Ready")
                    .withStatus("True")
                    .endCondition()
                    .endStatus()
                    .build())
            .create();
    runs.lsg(
        "-D",
        "cluster.gpus-per-executor=2",
        "--conf",
        "spark.kubernetes.driver.pod.name=notebook",
        "--conf",
        "spark.executor.instances=3",
        "--conf",
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.options.claimName=photos",
        "--conf",
        "spark.kubernetes.executor.volumes.persistentVolumeClaim.data.mount.path=/data",
        "--conf",
        "spark.kubernetes.executor.node.selector.pool=gpu");
    List<Pod> executors = runs.pods("executor", 3);
    assertThat(executors).hasSize(3);
    for (Pod executor : executors) {
      assertSoundAndConfined(executor);
      assertThat(labels(executor))
          .containsEntry("app.kubernetes.io/name", "lsg")
          .containsEntry("app.kubernetes.io/component", "executor")
          .containsEntry("lsg-run", "shared");
      assertThat(executor.getMetadata().getOwnerReferences())
          .singleElement()
          .satisfies(owner -> assertThat(owner.getUid()).isEqualTo(driver.getMetadata().getUid()));
      assertThat(executor.getSpec().getNodeSelector()).containsEntry("pool", "gpu");
      assertThat(executor.getSpec().getTolerations())
          .singleElement()
          .satisfies(
              toleration -> {
                assertThat(toleration.getKey()).isEqualTo("nvidia.com/gpu");
                assertThat(toleration.getEffect()).isEqualTo("NoSchedule");
              });
      Container container = container(executor);
      assertThat(container.getImage()).isEqualTo(KubernetesRuns.IMAGE);
      assertThat(container.getArgs()).containsExactly("executor");
      // spark.executor.memory = 8g and memoryOverhead = 8g of conf/cluster/kubernetes.conf
      assertResources(container, "4", "16384Mi");
      assertThat(container.getResources().getLimits())
          .containsEntry("nvidia.com/gpu", new Quantity("2"));
      assertThat(volume(executor, "/dev/shm").getEmptyDir().getMedium()).isEqualTo("Memory");
      assertThat(volume(executor, "/data").getPersistentVolumeClaim().getClaimName())
          .isEqualTo("photos");
      assertThat(environment(container, "GOMP_SPINCOUNT")).isEqualTo("777");
      assertThat(environment(container, "SPARK_EXECUTOR_MEMORY")).isEqualTo("8192m");
      assertThat(Serialization.asJson(executor)).doesNotContain("hush-hush");
    }
    assertThat(runs.kubernetes().asked()).contains("create pods", "watch pods");
    assertThat(Manifests.allowed("lsg-driver")).containsAll(runs.kubernetes().asked());
    // The executor asks its driver for the script's place.
    assertThat(Files.readString(Path.of("/proc/" + runs.newest().pid() + "/cmdline")).split("\0"))
        .contains(
            "spark.executor.resource.gpu.discoveryScript=/opt/lsg/bin/gpu-discovery.sh",
            "spark.executor.resource.gpu.amount=2");
  }

  /** The newest step that a training has saved under a work directory; 0: none. */
  private static int saved(Path workDir) throws Exception {
    if (!Files.isDirectory(workDir.resolve("train"))) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(workDir.resolve("train"))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("step-[0-9]+-.*json"))
          .mapToInt(name -> Integer.parseInt(name.split("-", 3)[1]))
          .max()
          .orElse(0);
    } catch (UncheckedIOException e) {
      // The walk met a file that the training had just renamed.
      return 0;
    }
  }

  @Test
  void aTrainingWhosePodIsLostEndsAsInLocalMode() throws Exception {
    Path config =
        SmallTraining.write(
            folder.resolve("small.conf"),
            "train { iterations = 200, replicas = 2, checkpoint.every-steps = 25 }");
    Path local = folder.resolve("local");
    Shell.Outcome here =
        Shell.run(
            folder,
            Map.of(),
            Shell.HOME.resolve("submit/lsg").toString(),
            "evaluate",
            "--config",
            config.toString(),
            "--master",
            "local[2]",
            "--work-dir",
            local.toString());
    assertThat(here.code()).as(here.log()).isZero();

    try (ProcessKubelet kubelet = new ProcessKubelet(runs.kubernetes(), folder.resolve("pods"))) {
      runs.lsg(
          "evaluate",
          config,
          "--conf",
          "spark.driver.host=127.0.0.1",
          "--conf",
          "spark.driver.bindAddress=127.0.0.1",
          "--conf",
          "spark.executor.cores=1",
          "--conf",
          "spark.executor.memory=1g");
      while (runs.newest().isAlive() && saved(folder.resolve("w")) == 0) {
        Thread.sleep(50);
      }
      assertThat(runs.newest().isAlive()).as(runs.log()).isTrue();
      assertThat(kubelet.processes()).hasSize(2);
      kubelet.processes().values().iterator().next().destroyForcibly();
      assertThat(runs.newest().waitFor(9, TimeUnit.MINUTES)).as(runs.log()).isTrue();
      assertThat(runs.newest().exitValue()).as(runs.log()).isZero();
      assertThat(kubelet.failure()).isNull();
      // Spark asked for another pod in place of the lost one.
      assertThat(kubelet.processes()).hasSizeGreaterThan(2);
      assertThat(runs.kubernetes().asked()).contains("delete pods");
      assertThat(Manifests.allowed("lsg-driver")).containsAll(runs.kubernetes().asked());
    }
    ObjectMapper json = new ObjectMapper();
    JsonNode expected = json.readTree(Files.readString(local.resolve("run.json"))).path("metrics");
    assertThat(expected).isNotEmpty();
    assertThat(json.readTree(Files.readString(folder.resolve("w/run.json"))).path("metrics"))
        .isEqualTo(expected);
  }
}
