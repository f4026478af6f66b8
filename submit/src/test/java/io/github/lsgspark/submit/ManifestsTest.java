package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.github.lsgspark.submit.Shell.Outcome;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1Role;
import io.kubernetes.client.openapi.models.V1RoleBinding;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The manifests, against the descriptions of what they describe, and against each other. */
class ManifestsTest {
  /**
   * Throws if an object has a field that Kubernetes' own description lacks, or lacks a needed one.
   */
  private interface Check {
    void check(JsonObject object) throws IOException;
  }

  private static final Map<String, Check> KUBERNETES =
      Map.of(
          "Namespace", V1Namespace::validateJsonObject,
          "ServiceAccount", V1ServiceAccount::validateJsonObject,
          "Role", V1Role::validateJsonObject,
          "RoleBinding", V1RoleBinding::validateJsonObject,
          "NetworkPolicy", V1NetworkPolicy::validateJsonObject,
          "PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonObject,
          "Pod", V1Pod::validateJsonObject);

  @TempDir Path folder;

  static List<Path> files() throws IOException {
    return Manifests.files();
  }

  static void check(JsonNode document) throws IOException {
    String kind = document.path("kind").asText();
    if (kind.endsWith("SparkApplication")) {
      assertThat(schema().validate(document)).isEmpty();
      JsonNode spec = document.path("spec");
      JsonNode application = kind.startsWith("Scheduled") ? spec.path("template") : spec;
      checkPodOf(application, "driver");
      checkPodOf(application, "executor");
    } else {
      assertThat(KUBERNETES).containsKey(kind);
      KUBERNETES.get(kind).check(gson(document));
    }
  }

  private static JsonSchema schema() {
    return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7)
        .getSchema(ManifestsTest.class.getResourceAsStream("/spark-application.schema.json"));
  }

  private static JsonObject gson(JsonNode node) {
    return JsonParser.parseString(node.toString()).getAsJsonObject();
  }

  /** The operator makes this pod of a part of an application; as such it is checked. */
  private static JsonNode pod(JsonNode application, String part) {
    ObjectNode pod = new ObjectMapper().createObjectNode();
    JsonNode given = application.path(part);
    pod.set("securityContext", given.path("podSecurityContext"));
    pod.set("terminationGracePeriodSeconds", given.path("terminationGracePeriodSeconds"));
    pod.set("volumes", application.path("volumes"));
    ObjectNode container = pod.putArray("containers").addObject();
    container.put("name", "spark-kubernetes-" + part);
    container.set("securityContext", given.path("securityContext"));
    container.set("volumeMounts", given.path("volumeMounts"));
    return pod;
  }

  private static void checkPodOf(JsonNode application, String part) throws IOException {
    V1PodSpec.validateJsonObject(gson(pod(application, part)));
  }

  @ParameterizedTest
  @MethodSource("files")
  void isWhatItsDescriptionAsksFor(Path file) throws Exception {
    List<JsonNode> documents = Manifests.documents(file);
    assertThat(documents).isNotEmpty();
    for (JsonNode document : documents) {
      check(document);
    }
  }

  @Test
  void aWordThatIsNotThereIsFound() throws Exception {
    JsonNode pod = Manifests.document("driver-pod.yaml");
    ((ObjectNode) pod.at("/spec/containers/0/securityContext")).put("readOnlyRootFileSystem", true);
    assertThatThrownBy(() -> check(pod)).hasMessageContaining("readOnlyRootFileSystem");
    JsonNode application = Manifests.document("spark-application.yaml");
    ((ObjectNode) application.at("/spec/driver")).put("memoryOverHead", "2g");
    assertThatThrownBy(() -> check(application)).hasMessageContaining("memoryOverHead");
    JsonNode mount = Manifests.document("spark-application.yaml");
    ((ObjectNode) mount.at("/spec/executor/volumeMounts/0")).remove("mountPath");
    assertThatThrownBy(() -> check(mount)).hasMessageContaining("mountPath");
  }

  /** The properties that the launcher gives for the demonstration on Kubernetes. */
  private Map<String, String> launched(String... more) throws Exception {
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Shell.HOME.resolve("submit/lsg").toString(),
                "run",
                "--config",
                Shell.HOME.resolve("conf/drawn-demo.conf").toString(),
                "--master",
                "k8s://https://127.0.0.1:6443",
                "--deploy-mode",
                "cluster",
                "--work-dir",
                "file:///work/demo",
                "--conf",
                "spark.kubernetes.container.image=registry.example/lsg:0.1.0",
                "--dry-run=json"));
    command.addAll(List.of(more));
    Outcome outcome =
        Shell.run(
            folder,
            Map.of("SPARK_HOME", "", "LSG_DRIVER_MEMORY", "", "LSG_JAVA_OPTIONS", ""),
            command.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.log()).isZero();
    return texts(new ObjectMapper().readTree(outcome.out()).path("conf"));
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new TreeMap<>();
    for (Iterator<Map.Entry<String, JsonNode>> all = object.fields(); all.hasNext(); ) {
      Map.Entry<String, JsonNode> entry = all.next();
      texts.put(entry.getKey(), entry.getValue().asText());
    }
    return texts;
  }

  /** An application's fields as the properties that the operator makes of them. */
  private static Map<String, String> properties(JsonNode application, String namespace) {
    Map<String, String> properties = texts(application.path("sparkConf"));
    properties.put("spark.kubernetes.namespace", namespace);
    properties.put("spark.kubernetes.container.image", application.path("image").asText());
    properties.put(
        "spark.kubernetes.authenticate.driver.serviceAccountName",
        application.at("/driver/serviceAccount").asText());
    properties.put("spark.executor.instances", application.at("/executor/instances").asText());
    for (String part : List.of("driver", "executor")) {
      for (String size : List.of("cores", "memory", "memoryOverhead")) {
        properties.put("spark." + part + "." + size, application.path(part).path(size).asText());
      }
      properties.put(
          "spark.kubernetes." + part + ".label.lsg-run",
          application.path(part).path("labels").path("lsg-run").asText());
    }
    return properties;
  }

  @Test
  void theOperatorIsToldWhatTheLauncherTellsSpark() throws Exception {
    Map<String, String> launched = launched();
    // What this machine's environment names is handed on.
    launched.keySet().removeIf(key -> key.endsWith("Env.OPENBLAS_CORETYPE"));
    // Spark's default, which the operator is told.
    launched.put("spark.driver.cores", "1");
    assertThat(launched.remove("spark.kubernetes.driver.podTemplateFile"))
        .isEqualTo(Manifests.FOLDER.resolve("driver-pod.yaml").toString());
    assertThat(launched.remove("spark.kubernetes.executor.podTemplateFile"))
        .isEqualTo(Manifests.FOLDER.resolve("executor-pod.yaml").toString());
    JsonNode once = Manifests.document("spark-application.yaml");
    JsonNode nightly = Manifests.document("scheduled-spark-application.yaml");
    assertThat(nightly.at("/spec/template")).isEqualTo(once.path("spec"));
    JsonNode application = once.path("spec");
    assertThat(properties(application, once.at("/metadata/namespace").asText()))
        .isEqualTo(launched);
    for (String part : List.of("driver", "executor")) {
      JsonNode template = Manifests.document(part + "-pod.yaml");
      JsonNode pod = pod(application, part);
      for (String field : List.of("securityContext", "terminationGracePeriodSeconds")) {
        assertThat(pod.path(field)).isEqualTo(template.path("spec").path(field));
      }
      JsonNode container = template.at("/spec/containers/0");
      assertThat(pod.at("/containers/0/securityContext"))
          .isEqualTo(container.path("securityContext"));
      assertThat(pod.at("/containers/0/volumeMounts")).containsAll(container.path("volumeMounts"));
      assertThat(pod.path("volumes")).containsAll(template.at("/spec/volumes"));
      assertThat(texts(application.path(part).path("labels")))
          .containsAllEntriesOf(texts(template.at("/metadata/labels")));
    }
  }

  @Test
  void namesAgree() throws Exception {
    Map<String, String> launched = launched("-D", "cluster.gpus-per-executor=1");
    assertThat(launched.get("spark.kubernetes.executor.podTemplateFile"))
        .isEqualTo(Manifests.FOLDER.resolve("executor-gpu-pod.yaml").toString());
    List<JsonNode> rbac = Manifests.documents(Manifests.FOLDER.resolve("rbac.yaml"));
    String namespace = launched.get("spark.kubernetes.namespace");
    String account = launched.get("spark.kubernetes.authenticate.driver.serviceAccountName");
    assertThat(rbac)
        .anySatisfy(
            document -> {
              assertThat(document.path("kind").asText()).isEqualTo("RoleBinding");
              assertThat(document.at("/subjects/0/name").asText()).isEqualTo(account);
              assertThat(document.at("/subjects/0/namespace").asText()).isEqualTo(namespace);
              assertThat(document.at("/roleRef/name").asText()).isEqualTo("lsg-driver");
            });
    List<JsonNode> policies = Manifests.documents(Manifests.FOLDER.resolve("network-policy.yaml"));
    // One closes all pods of ours; the other opens those of a run for each other.
    assertThat(policies).hasSize(2);
    assertThat(texts(Manifests.document("driver-pod.yaml").at("/metadata/labels")))
        .containsAllEntriesOf(texts(policies.get(0).at("/spec/podSelector/matchLabels")));
    assertThat(policies.get(0).at("/spec/ingress")).isEmpty();
    String run = launched.get("spark.kubernetes.executor.label.lsg-run");
    assertThat(launched.get("spark.kubernetes.driver.label.lsg-run")).isEqualTo(run);
    assertThat(texts(policies.get(1).at("/spec/podSelector/matchLabels")))
        .isEqualTo(Map.of("lsg-run", run))
        .isEqualTo(texts(policies.get(1).at("/spec/ingress/0/from/0/podSelector/matchLabels")));
    for (Path file : Manifests.files()) {
      for (JsonNode document : Manifests.documents(file)) {
        if (!List.of("Pod", "Namespace").contains(document.path("kind").asText())) {
          assertThat(document.at("/metadata/namespace").asText())
              .as(file.toString())
              .isEqualTo(namespace);
        }
      }
    }
  }

  /** A GPU's executor is any executor, with room for NCCL and leave to be where GPUs are. */
  @Test
  void theGpuTemplateIsTheOtherAndMore() throws Exception {
    ObjectNode gpu = (ObjectNode) Manifests.document("executor-gpu-pod.yaml");
    ObjectNode spec = (ObjectNode) gpu.path("spec");
    assertThat(spec.remove("tolerations")).hasSize(1);
    removeNamed(spec.path("volumes"), "shm");
    removeNamed(spec.at("/containers/0/volumeMounts"), "shm");
    assertThat(gpu).isEqualTo(Manifests.document("executor-pod.yaml"));
  }

  private static void removeNamed(JsonNode list, String name) {
    for (Iterator<JsonNode> all = list.elements(); all.hasNext(); ) {
      if (all.next().path("name").asText().equals(name)) {
        all.remove();
        return;
      }
    }
    throw new AssertionError("no " + name + " in " + list);
  }
}
