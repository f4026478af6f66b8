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
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, and behind it Spark's own submission and allocation of executors, against an API
 * server that only keeps what it is given: which pods our settings make.
 */
class KubernetesTest {
  private static final String CONFIG =
      """
      seed = 4
      data.train = "drawn:novel"
      spark.kubernetes {
        driver.secretKeyRef.AWS_SECRET_ACCESS_KEY = "store:secret"
        executor.secretKeyRef.AWS_SECRET_ACCESS_KEY = "store:secret"
      }
      """;
  private static final String IMAGE = "registry.example/lsg:1";

  @TempDir Path folder;
  private MockKubernetes kubernetes;
  private final List<Process> runs = new ArrayList<>();
  private Process run;
  private Path log;

  @BeforeEach
  void start() {
    kubernetes = new MockKubernetes();
  }

  @AfterEach
  void stop() throws Exception {
    for (Process process : runs) {
      process.destroyForcibly().waitFor();
    }
    kubernetes.close();
  }

  /** Starts the launcher; the secret of its environment is hush-hush. */
  private void lsg(String... more) throws Exception {
    lsg("run", Files.writeString(folder.resolve("run.conf"), CONFIG), more);
  }

  private void lsg(String name, Path config, String... more) throws Exception {
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

  private String workDir() {
    return "file://" + folder.resolve("w");
  }

  private String log() throws Exception {
    return Files.readString(log);
  }

  private List<Pod> pods(String role, int count) throws Exception {
    try {
      return kubernetes.awaitPods(role, count, run);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(log(), e);
    }
  }

  private int exitCode() throws Exception {
    assertThat(run.waitFor(1, TimeUnit.MINUTES)).as(log()).isTrue();
    return run.exitValue();
  }

  /** The configuration map that is mounted there, which comes after the pod. */
  private ConfigMap configMap(Pod pod, String path) throws Exception {
    return kubernetes
        .client()
        .configMaps()
        .inNamespace(MockKubernetes.NAMESPACE)
        .withName(volume(pod, path).getConfigMap().getName())
        .waitUntilCondition(Objects::nonNull, 1, TimeUnit.MINUTES);
  }

  @Test
  void theDriversPodIsWhatTheSettingsSay() throws Exception {
    lsg(
        "--deploy-mode",
        "cluster",
        "--conf",
        "spark.driver.cores=2",
        "--conf",
        "spark.kubernetes.driver.volumes.persistentVolumeClaim.data.options.claimName=photos",
        "--conf",
        "spark.kubernetes.driver.volumes.persistentVolumeClaim.data.mount.path=/data",
        "--conf",
        "spark.kubernetes.driver.volumes.persistentVolumeClaim.data.mount.readOnly=true",
        "--conf",
        "spark.kubernetes.node.selector.pool=spark");
    Pod driver = pods("driver", 1).get(0);
    assertSoundAndConfined(driver);
    assertThat(driver.getMetadata().getNamespace()).isEqualTo("lsg");
    assertThat(labels(driver))
        .containsEntry("app.kubernetes.io/name", "lsg")
        .containsEntry("lsg-run", "shared")
        .containsKey("spark-app-selector");
    assertThat(driver.getSpec().getServiceAccountName()).isEqualTo("lsg");
    assertThat(driver.getSpec().getRestartPolicy()).isEqualTo("Never");
    assertThat(driver.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(60);
    assertThat(driver.getSpec().getNodeSelector()).containsExactly(Map.entry("pool", "spark"));

    Container container = container(driver);
    assertThat(container.getName()).isEqualTo("spark-kubernetes-driver");
    assertThat(container.getImage()).isEqualTo(IMAGE);
    // spark.driver.memory = 4g and memoryOverhead = 2g of conf/cluster/kubernetes.conf
    assertResources(container, "2", "6144Mi");
    String submitted = configAmong(container.getArgs());
    assertThat(container.getArgs())
        .containsExactly(
            "driver",
            "--properties-file",
            "/opt/spark/conf/spark.properties",
            "--class",
            "io.github.lsgspark.jobs.Lsg",
            "local:///opt/lsg/lsg.jar",
            "run",
            "--config",
            submitted,
            "--work-dir",
            workDir());
    assertThat(Files.readString(Path.of(submitted.substring("file:".length())))).contains("seed=4");
    assertThat(environment(container, "GOMP_SPINCOUNT")).isEqualTo("777");
    assertThat(volume(driver, "/data").getPersistentVolumeClaim().getClaimName())
        .isEqualTo("photos");
    assertThat(volume(driver, "/data").getPersistentVolumeClaim().getReadOnly()).isTrue();

    // The secret is named, never said.
    assertThat(container.getEnv())
        .filteredOn(variable -> variable.getName().equals("AWS_SECRET_ACCESS_KEY"))
        .singleElement()
        .satisfies(
            variable -> {
              assertThat(variable.getValueFrom().getSecretKeyRef().getName()).isEqualTo("store");
              assertThat(variable.getValueFrom().getSecretKeyRef().getKey()).isEqualTo("secret");
            });
    Properties properties = new Properties();
    ConfigMap conf = configMap(driver, "/opt/spark/conf");
    properties.load(new StringReader(conf.getData().get("spark.properties")));
    assertThat(Serialization.asJson(driver) + conf).doesNotContain("hush-hush");
    assertThat(properties)
        .containsEntry("spark.executor.instances", "2")
        .containsEntry("spark.executor.memory", "8g")
        .containsEntry("spark.dynamicAllocation.enabled", "false")
        .containsEntry("spark.executorEnv.GOMP_SPINCOUNT", "777")
        .containsEntry(
            "spark.kubernetes.executor.podTemplateFile",
            "/opt/spark/pod-template/pod-spec-template.yml");
    assertThat(properties.getProperty("spark.driver.extraJavaOptions"))
        .contains("-Dlog4j2.configurationFile=file:/opt/lsg/conf/log4j2.properties");

    // The template of executors goes to the driver, which makes them.
    ConfigMap template = configMap(driver, "/opt/spark/pod-template");
    Pod executor =
        Serialization.unmarshal(template.getData().values().iterator().next(), Pod.class);
    assertThat(labels(executor)).containsEntry("app.kubernetes.io/component", "executor");

    // Executors find the driver by a service that ends with it, like the configuration.
    Service service =
        kubernetes
            .client()
            .services()
            .inNamespace(MockKubernetes.NAMESPACE)
            .withName(driver.getMetadata().getName() + "-svc")
            .waitUntilCondition(Objects::nonNull, 1, TimeUnit.MINUTES);
    assertThat(service.getSpec().getClusterIP()).isEqualTo("None");
    assertThat(labels(driver)).containsAllEntriesOf(service.getSpec().getSelector());
    assertThat(List.of(service, conf))
        .allSatisfy(
            made ->
                assertThat(made.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(
                        owner ->
                            assertThat(owner.getUid()).isEqualTo(driver.getMetadata().getUid())));

    kubernetes.end(driver, 3);
    assertThat(exitCode()).as(log()).isEqualTo(3);
    assertThat(kubernetes.asked()).contains("create pods", "patch configmaps", "watch pods");
    assertThat(Manifests.allowed("lsg-submitter")).containsAll(kubernetes.asked());
  }

  private static String configAmong(List<String> arguments) {
    return arguments.get(arguments.indexOf("--config") + 1);
  }

  @Test
  void exitCodesAreThoseOfTheDriver() throws Exception {
    lsg("--deploy-mode", "cluster");
    Process first = run;
    Path firstLog = log;
    Pod well = pods("driver", 1).get(0);
    lsg("--deploy-mode", "cluster");
    Pod evicted =
        pods("driver", 2).stream().filter(pod -> !pod.equals(well)).findFirst().orElseThrow();
    kubernetes.evict(evicted);
    assertThat(exitCode()).as(log()).isEqualTo(1);
    kubernetes.end(well, 0);
    assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(first.exitValue()).as(Files.readString(firstLog)).isZero();
  }

  @Test
  void executorsHaveTheirGpusVolumesAndOwner() throws Exception {
    Pod driver =
        kubernetes
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
    lsg(
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
    List<Pod> executors = pods("executor", 3);
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
      assertThat(container.getImage()).isEqualTo(IMAGE);
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
    assertThat(kubernetes.asked()).contains("create pods", "watch pods");
    assertThat(Manifests.allowed("lsg-driver")).containsAll(kubernetes.asked());
    // The executor asks its driver for the script's place.
    assertThat(Files.readString(Path.of("/proc/" + run.pid() + "/cmdline")).split("\0"))
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

    try (ProcessKubelet kubelet = new ProcessKubelet(kubernetes, folder.resolve("pods"))) {
      lsg(
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
      while (run.isAlive() && saved(folder.resolve("w")) == 0) {
        Thread.sleep(50);
      }
      assertThat(run.isAlive()).as(log()).isTrue();
      assertThat(kubelet.processes()).hasSize(2);
      kubelet.processes().values().iterator().next().destroyForcibly();
      assertThat(run.waitFor(9, TimeUnit.MINUTES)).as(log()).isTrue();
      assertThat(run.exitValue()).as(log()).isZero();
      assertThat(kubelet.failure()).isNull();
      // Spark asked for another pod in place of the lost one.
      assertThat(kubelet.processes()).hasSizeGreaterThan(2);
      assertThat(kubernetes.asked()).contains("delete pods");
      assertThat(Manifests.allowed("lsg-driver")).containsAll(kubernetes.asked());
    }
    ObjectMapper json = new ObjectMapper();
    JsonNode expected = json.readTree(Files.readString(local.resolve("run.json"))).path("metrics");
    assertThat(expected).isNotEmpty();
    assertThat(json.readTree(Files.readString(folder.resolve("w/run.json"))).path("metrics"))
        .isEqualTo(expected);
  }
}
