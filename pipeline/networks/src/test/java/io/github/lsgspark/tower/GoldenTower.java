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
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.provider.Arguments;

/** A small network that the public code made, and what that code computes with it. */
final class GoldenTower {
  /** Of outputs, relative to the largest number or 1; of gradients twice that. */
  private static final double TOLERANCE = 1e-5;

  /** Of networks that are further from their own results in double. */
  private static final double WIDE = 2e-5;

  private static final String GRADIENT = "grad.";
  private static final String FEATURES = "features";

  /**
   * Which the run that made the golden has wrong: differences of outputs say otherwise. Its version
   * of PyTorch mistakes the layout of a batch normalisation's input in evaluation.
   */
  private static final String WRONG = GRADIENT + "audio_model.audio_encoder.batch_norm.weight";

  final TowerConfig config;
  final Map<String, HostArray> file;
  final Map<String, HostArray> golden;
  private final String name;
  private final double tolerance;

  private GoldenTower(Path folder) throws Exception {
    name = folder.getFileName().toString();
    tolerance = name.startsWith("clap_") || name.startsWith("data2vec_") ? WIDE : TOLERANCE;
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

  /** A network of images or of sounds. */
  static GoldenTower of(String name) throws Exception {
    Path shared = Path.of(System.getProperty("lsg.shared.dir"));
    return of(Files.exists(shared.resolve("towers").resolve(name)) ? "towers" : "towers-av", name);
  }

  static GoldenTower of(String folder, String name) throws Exception {
    return new GoldenTower(
        Path.of(System.getProperty("lsg.shared.dir")).resolve(folder).resolve(name));
  }

  /** The network for inputs of a golden's size. */
  Tower network(String prefix) {
    long[] shape = Tensors.shape(input(prefix));
    return Towers.of(config, (int) shape[2], (int) shape[3]);
  }

  /** A golden's input: images, or what the public extractor makes of sounds, as a view. */
  Tensor input(String prefix) {
    if (golden.containsKey(prefix + "input")) {
      return golden.get(prefix + "input").tensor();
    }
    Tensor features = golden.get(prefix + FEATURES).tensor();
    return switch (config.modelType()) {
      case "audio-spectrogram-transformer" -> features.transpose(1, 2).unsqueeze(1);
      case "clap" -> features.transpose(2, 3);
      case "whisper" -> features.unsqueeze(1);
      default -> features.unsqueeze(1).unsqueeze(1);
    };
  }

  /** The file's tensors as a network takes them; what it leaves is what it says. */
  Map<String, Tensor> weights(Tower network, String namePrefix) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    Map<String, long[]> wanted = new TreeMap<>(network.parameterShapes());
    wanted.putAll(network.bufferShapes());
    file.forEach(
        (full, array) -> {
          String own = own(network, full, namePrefix);
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
    compare(key, Tensors.doubles(actual), expected.doubles(), tolerance);
  }

  /** Holds outputs that the golden has in another shape, with the same order of numbers. */
  void compareNumbers(String key, Tensor actual) {
    compare(key, Tensors.doubles(actual), golden.get(key).doubles(), tolerance);
  }

  void compareGradient(String key, Tensor actual) {
    compare(key, Tensors.doubles(actual), golden.get(key).doubles(), 2 * tolerance);
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
        .filter(
            prefix -> golden.containsKey(prefix + "input") || golden.containsKey(prefix + FEATURES))
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
  void compareGradients(
      Tower network, Tensor pooled, Map<String, Tensor> weights, String namePrefix) {
    Ops.sum(Ops.mul(pooled, golden.get("grad_probe").tensor())).backward();
    List<String> keys =
        golden.keySet().stream()
            .filter(key -> key.startsWith(GRADIENT) && !key.equals(WRONG))
            .filter(key -> weights.containsKey(parameter(network, key, namePrefix)))
            .toList();
    assertThat(keys).as(name).isNotEmpty();
    for (String key : keys) {
      compareGradient(key, weights.get(parameter(network, key, namePrefix)).grad());
    }
  }

  private static String parameter(Tower network, String key, String namePrefix) {
    return own(network, key.substring(GRADIENT.length()), namePrefix);
  }

  private static String own(Tower network, String full, String namePrefix) {
    String own = full.startsWith(namePrefix) ? full.substring(namePrefix.length()) : full;
    return network.translator(List.of()).apply(own);
  }

  /** The vector that gradients are of. */
  String pooled() {
    return List.of("image_embeds", "pooler_output", "pooled").stream()
        .filter(golden::containsKey)
        .findFirst()
        .orElseThrow();
  }

  /** Those of images and sounds: folder, and the prefix under which a public file has tensors. */
  static Stream<Arguments> ofImagesAndSounds() {
    return Stream.of(
        Arguments.of("ast_hf", "audio_spectrogram_transformer."),
        Arguments.of("clap_hf", ""),
        Arguments.of("clip_hf", ""),
        Arguments.of("convnext_hf", "convnext."),
        Arguments.of("convnextv2_hf", "convnextv2."),
        Arguments.of("data2vec_audio_hf", ""),
        Arguments.of("dinov2_hf", ""),
        Arguments.of("dinov2_registers_hf", ""),
        Arguments.of("dinov2_swiglu_hf", ""),
        Arguments.of("dinov3_convnext_hf", ""),
        Arguments.of("dinov3_vit_hf", ""),
        Arguments.of("hubert_hf", ""),
        Arguments.of("siglip_hf", ""),
        Arguments.of("swin_hf", "swin."),
        Arguments.of("timm_convnext", ""),
        Arguments.of("timm_convnextv2", ""),
        Arguments.of("timm_dinov3", ""),
        Arguments.of("timm_efficientnet", ""),
        Arguments.of("timm_eva02", ""),
        Arguments.of("timm_mobilenetv3_small", ""),
        Arguments.of("timm_pe_core", ""),
        Arguments.of("timm_swin", ""),
        Arguments.of("timm_vit", ""),
        Arguments.of("timm_vit_clip_quickgelu", ""),
        Arguments.of("timm_vit_dinov2", ""),
        Arguments.of("timm_vit_giant_dinov2_swiglu", ""),
        Arguments.of("timm_vit_siglip", ""),
        Arguments.of("wav2vec2_group_hf", ""),
        Arguments.of("wav2vec2_layer_hf", ""),
        Arguments.of("wavlm_hf", ""),
        Arguments.of("whisper_hf", "model."));
  }

  /** Those of clips, likewise. */
  static Stream<Arguments> ofClips() {
    return Stream.of(
        Arguments.of("videomae_hf", "videomae."),
        Arguments.of("timesformer_hf", "timesformer."),
        Arguments.of("vjepa2_hf", ""),
        Arguments.of("vjepa2_classify_hf", "vjepa2."),
        Arguments.of("vivit_hf", "vivit."),
        Arguments.of("xclip_hf", ""));
  }
}
