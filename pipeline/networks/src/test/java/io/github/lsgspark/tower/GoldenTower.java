package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.backbone.TensorLayers;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bytedeco.pytorch.Tensor;

/** A small network that the public code made, and what that code computes with it. */
final class GoldenTower {
  /** Of outputs, relative to the largest number or 1; of gradients twice that. */
  private static final double TOLERANCE = 1e-5;

  private static final String GRADIENT = "grad.";

  final TowerConfig config;
  final Map<String, HostArray> file;
  final Map<String, HostArray> golden;
  private final String name;

  private GoldenTower(Path folder) throws Exception {
    name = folder.getFileName().toString();
    config =
        TowerConfig.parse(
            Files.readAllBytes(folder.resolve("config.json")), folder + "/config.json");
    // The small projection is the public one's, not a classifier of somebody's.
    if (config.node().path("pretrained_cfg") instanceof ObjectNode published) {
      published.set("num_classes", config.node().path("num_classes"));
    }
    file = Safetensors.map(folder.resolve("model.safetensors"));
    golden = Safetensors.map(folder.resolve("golden.safetensors"));
  }

  static GoldenTower of(String name) throws Exception {
    return of("towers", name);
  }

  static GoldenTower of(String folder, String name) throws Exception {
    return new GoldenTower(
        Path.of(System.getProperty("lsg.shared.dir")).resolve(folder).resolve(name));
  }

  /** The network for inputs of a golden's size. */
  Tower network(String prefix) {
    long[] shape = golden.get(prefix + "input").shape();
    return Towers.of(config, (int) shape[2], (int) shape[3]);
  }

  /** The file's tensors as a network takes them; what it leaves is what it says. */
  Map<String, Tensor> weights(Tower network, String namePrefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, long[]> wanted = new TreeMap<>(network.parameterShapes());
    wanted.putAll(network.bufferShapes());
    file.forEach(
        (full, array) -> {
          String own = full.startsWith(namePrefix) ? full.substring(namePrefix.length()) : full;
          if (wanted.containsKey(own)) {
            HostArray fitted = network.fitted(own, array);
            assertThat(fitted.shape()).as(own).isEqualTo(wanted.remove(own));
            tensors.put(own, fitted.tensor());
          } else {
            assertThat(network.leavesOut(own) || PretrainedWeights.isHead(own))
                .as(name + ": " + own)
                .isTrue();
          }
        });
    assertThat(wanted.keySet()).as(name).isEmpty();
    return tensors;
  }

  /** Computes with a golden's input; everything that is seen on the way, and the features. */
  Map<String, Tensor> outputs(Tower network, Map<String, Tensor> weights, Tensor input) {
    Map<String, Tensor> seen = new LinkedHashMap<>();
    Tensor features =
        network.features(
            new TensorLayers(weights::get, BatchNormalization.runningStatistics()),
            input,
            (layer, output) -> {},
            seen::put);
    seen.put("features", features);
    return seen;
  }

  /** Holds outputs against a golden's. */
  void compare(String key, Tensor actual) {
    HostArray expected = golden.get(key);
    assertThat(Tensors.shape(actual)).as(name + ": " + key).isEqualTo(expected.shape());
    compare(key, Tensors.doubles(actual), expected.doubles(), TOLERANCE);
  }

  /** Holds outputs that the golden has in another shape, with the same order of numbers. */
  void compareNumbers(String key, Tensor actual) {
    compare(key, Tensors.doubles(actual), golden.get(key).doubles(), TOLERANCE);
  }

  void compareGradient(String key, Tensor actual) {
    compare(key, Tensors.doubles(actual), golden.get(key).doubles(), 2 * TOLERANCE);
  }

  void compare(String key, double[] actual, double[] expected, double tolerance) {
    assertThat(actual).as(name + ": " + key).hasSameSizeAs(expected);
    double largest = 1;
    double difference = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(expected[i]));
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
    }
    assertThat(difference / largest).as(name + ": " + key).isLessThanOrEqualTo(tolerance);
  }

  /** Of "", "alt1." and "alt2." those that there are. */
  List<String> sizes() {
    return List.of("", "alt1.", "alt2.").stream()
        .filter(prefix -> golden.containsKey(prefix + "input"))
        .toList();
  }

  /** Outputs of a size, by their names without it. */
  List<String> outputs(String size) {
    return golden.keySet().stream()
        .filter(key -> key.startsWith(size))
        .map(key -> key.substring(size.length()))
        .filter(key -> !key.startsWith("alt") && !key.startsWith(GRADIENT))
        .toList();
  }

  /** Holds the gradients of what was pooled from the native input. */
  void compareGradients(Tensor pooled, Map<String, Tensor> weights, String namePrefix) {
    Ops.sum(Ops.mul(pooled, golden.get("grad_probe").tensor())).backward();
    List<String> keys =
        golden.keySet().stream()
            .filter(key -> key.startsWith(GRADIENT))
            .filter(key -> weights.containsKey(parameter(key, namePrefix)))
            .toList();
    assertThat(keys).as(name).isNotEmpty();
    for (String key : keys) {
      compareGradient(key, weights.get(parameter(key, namePrefix)).grad());
    }
  }

  private static String parameter(String key, String namePrefix) {
    String full = key.substring(GRADIENT.length());
    return full.startsWith(namePrefix) ? full.substring(namePrefix.length()) : full;
  }

  /** The vector that gradients are of. */
  String pooled() {
    return List.of("image_embeds", "pooler_output", "pooled").stream()
        .filter(golden::containsKey)
        .findFirst()
        .orElseThrow();
  }
}
