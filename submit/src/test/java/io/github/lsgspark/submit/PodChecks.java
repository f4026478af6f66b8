package io.github.lsgspark.submit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.kubernetes.client.openapi.models.V1Pod;
import java.util.Map;

/** What a pod has, and what each of ours must have. */
final class PodChecks {
  private PodChecks() {}

  static Container container(Pod pod) {
    assertThat(pod.getSpec().getContainers()).hasSize(1);
    return pod.getSpec().getContainers().get(0);
  }

  static String mount(Container container, String path) {
    return container.getVolumeMounts().stream()
        .filter(mount -> mount.getMountPath().equals(path))
        .map(VolumeMount::getName)
        .findFirst()
        .orElseThrow(() -> new AssertionError(path + " is not mounted: " + container));
  }

  static Volume volume(Pod pod, String path) {
    String name = mount(container(pod), path);
    return pod.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no volume " + name));
  }

  static String environment(Container container, String name) {
    return container.getEnv().stream()
        .filter(variable -> variable.getName().equals(name))
        .map(EnvVar::getValue)
        .findFirst()
        .orElse(null);
  }

  /** What every pod of ours is: valid by Kubernetes' own description, and no root of anything. */
  static void assertSoundAndConfined(Pod pod) throws Exception {
    V1Pod.validateJsonObject(JsonParser.parseString(Serialization.asJson(pod)).getAsJsonObject());
    var all = pod.getSpec().getSecurityContext();
    assertThat(all.getRunAsNonRoot()).isTrue();
    assertThat(all.getRunAsUser()).isEqualTo(185);
    assertThat(all.getFsGroup()).isEqualTo(185);
    assertThat(all.getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    var one = container(pod).getSecurityContext();
    assertThat(one.getAllowPrivilegeEscalation()).isFalse();
    assertThat(one.getReadOnlyRootFilesystem()).isTrue();
    assertThat(one.getPrivileged()).isNotEqualTo(true);
    assertThat(one.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(one.getCapabilities().getAdd()).isEmpty();
    // With a read-only root, these are all that the program can write to.
    assertThat(volume(pod, "/tmp").getEmptyDir()).isNotNull();
    assertThat(volume(pod, "/opt/spark/work-dir").getEmptyDir()).isNotNull();
    String scratch = environment(container(pod), "SPARK_LOCAL_DIRS");
    assertThat(volume(pod, scratch).getEmptyDir()).isNotNull();
  }

  static void assertResources(Container container, String cpu, String memory) {
    assertThat(container.getResources().getRequests().get("cpu")).isEqualTo(new Quantity(cpu));
    assertThat(container.getResources().getRequests().get("memory"))
        .isEqualTo(new Quantity(memory));
    assertThat(container.getResources().getLimits().get("memory")).isEqualTo(new Quantity(memory));
  }

  static Map<String, String> labels(HasMetadata resource) {
    return resource.getMetadata().getLabels();
  }
}
