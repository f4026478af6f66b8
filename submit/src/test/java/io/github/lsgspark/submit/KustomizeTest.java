package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What kubectl apply -k would take, without Kustomize itself. */
class KustomizeTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  private static JsonNode kustomization(Path folder) throws Exception {
    JsonNode read = YAML.readTree(folder.resolve("kustomization.yaml").toFile());
    assertThat(read.path("apiVersion").asText()).isEqualTo("kustomize.config.k8s.io/v1beta1");
    assertThat(read.path("kind").asText()).isEqualTo("Kustomization");
    return read;
  }

  private static List<JsonNode> base() throws Exception {
    List<JsonNode> documents = new ArrayList<>();
    for (JsonNode resource : kustomization(Manifests.FOLDER).path("resources")) {
      documents.addAll(Manifests.documents(Manifests.FOLDER.resolve(resource.asText())));
    }
    return documents;
  }

  @Test
  void theBaseHoldsAllThatANightlyRunNeeds() throws Exception {
    assertThat(base())
        .extracting(document -> document.path("kind").asText())
        .contains(
            "Namespace",
            "ServiceAccount",
            "NetworkPolicy",
            "PersistentVolumeClaim",
            "ScheduledSparkApplication");
  }

  @Test
  void everyPatchOfTheOverlayReplacesWhatIsThereAndLeavesAValidManifest() throws Exception {
    Path folder = Shell.HOME.resolve("submit/kustomize/site");
    JsonNode overlay = kustomization(folder);
    for (JsonNode resource : overlay.path("resources")) {
      assertThat(Files.isSameFile(folder.resolve(resource.asText()), Manifests.FOLDER)).isTrue();
      assertThat(folder.startsWith(Manifests.FOLDER)).as("Kustomize calls that a cycle").isFalse();
    }
    List<JsonNode> documents = base();
    assertThat(overlay.path("patches")).isNotEmpty();
    for (JsonNode patch : overlay.path("patches")) {
      List<JsonNode> targets =
          documents.stream()
              .filter(
                  document ->
                      document.path("kind").equals(patch.at("/target/kind"))
                          && document.at("/metadata/name").equals(patch.at("/target/name")))
              .toList();
      assertThat(targets).as("%s", patch.path("target")).hasSize(1);
      for (JsonNode change : YAML.readTree(patch.path("patch").asText())) {
        replace(targets.get(0), change);
      }
      ManifestsTest.check(targets.get(0));
    }
  }

  private static void replace(JsonNode document, JsonNode change) {
    assertThat(change.path("op").asText()).isEqualTo("replace");
    String path = change.path("path").asText();
    int last = path.lastIndexOf('/');
    JsonNode holder = document.at(path.substring(0, last));
    String name = path.substring(last + 1);
    assertThat(holder.has(name)).as(path).isTrue();
    assertThat(change.path("value").getNodeType()).isEqualTo(holder.get(name).getNodeType());
    ((ObjectNode) holder).set(name, change.path("value"));
  }
}
