package io.github.lsgspark.submit;

import static io.github.lsgspark.submit.PodChecks.assertResources;
import static io.github.lsgspark.submit.PodChecks.assertSoundAndConfined;
import static io.github.lsgspark.submit.PodChecks.container;
import static io.github.lsgspark.submit.PodChecks.environment;
import static io.github.lsgspark.submit.PodChecks.labels;
import static io.github.lsgspark.submit.PodChecks.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, and behind it Spark's own submission, against an API server that only keeps what it
 * is given: which pod of a driver our settings make, and how it ends.
 */
@Tag("long-3")
class KubernetesTest {
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
  void theDriversPodIsWhatTheSettingsSay() throws Exception {
    runs.lsg(
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
    Pod driver = runs.pods("driver", 1).get(0);
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
    assertThat(container.getImage()).isEqualTo(KubernetesRuns.IMAGE);
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
            runs.workDir());
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
    ConfigMap conf = runs.configMap(driver, "/opt/spark/conf");
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
    ConfigMap template = runs.configMap(driver, "/opt/spark/pod-template");
    Pod executor =
        Serialization.unmarshal(template.getData().values().iterator().next(), Pod.class);
    assertThat(labels(executor)).containsEntry("app.kubernetes.io/component", "executor");

    // Executors find the driver by a service that ends with it, like the configuration.
    Service service =
        runs.kubernetes()
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

    runs.awaitWatched();
    runs.kubernetes().end(driver, 3);
    assertThat(runs.exitCode()).as(runs.log()).isEqualTo(3);
    assertThat(runs.kubernetes().asked()).contains("create pods", "patch configmaps", "watch pods");
    assertThat(Manifests.allowed("lsg-submitter")).containsAll(runs.kubernetes().asked());
  }

  private static String configAmong(List<String> arguments) {
    return arguments.get(arguments.indexOf("--config") + 1);
  }

  @Test
  void exitCodesAreThoseOfTheDriver() throws Exception {
    runs.lsg("--deploy-mode", "cluster");
    Process first = runs.newest();
    Path firstLog = runs.newestLog();
    Pod well = runs.pods("driver", 1).get(0);
    runs.awaitWatched();
    runs.lsg("--deploy-mode", "cluster");
    Pod evicted =
        runs.pods("driver", 2).stream().filter(pod -> !pod.equals(well)).findFirst().orElseThrow();
    runs.awaitWatched();
    runs.kubernetes().evict(evicted);
    assertThat(runs.exitCode()).as(runs.log()).isEqualTo(1);
    runs.kubernetes().end(well, 0);
    assertThat(first.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(first.exitValue()).as(Files.readString(firstLog)).isZero();
  }
}
