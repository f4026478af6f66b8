package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Directories that the test makes, whole and damaged. */
class TowerDirectoryTest {
  private static final String CONFIG =
      """
      { "model_type": "dinov2", "hidden_size": 16, "num_hidden_layers": 2,
        "num_attention_heads": 2, "image_size": 28, "patch_size": 7,
        "id2label": { "0": "cat" } }
      """;

  private static final String PREPROCESSING =
      """
      { "crop_size": { "height": 28, "width": 28 }, "do_center_crop": true,
        "image_mean": [0.1, 0.2, 0.3], "image_std": [0.4, 0.5, 0.6], "resample": 3,
        "size": { "shortest_edge": 32 } }
      """;

  private static final TrainSettings AUTO =
      SettingsLoader.parse("train { backbone = auto, weights = here }").train();

  @TempDir Path folder;
  private final HadoopFiles files = new HadoopFiles(new Configuration());

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static Tower network() {
    return Towers.of(
        TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json"), 28, 28);
  }

  private void weights(String name, Map<String, HostArray> arrays) throws Exception {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
      Safetensors.write(out, arrays, Map.of());
    }
  }

  private void text(String name, String content) throws Exception {
    Files.writeString(folder.resolve(name), content);
  }

  private PretrainedWeights read(int side) {
    byte[] content = TowerDirectory.content(files, folder.toString());
    return PretrainedWeights.read(AUTO, new long[] {3, side, side}, content, "dir");
  }

  @Test
  void shardsOfAWholeModelAreTakenUnderTheNetworksOwnNames() throws Exception {
    Map<String, HostArray> tensors = network().initialWeights(3);
    Map<String, HostArray> first = new LinkedHashMap<>();
    Map<String, HostArray> second = new LinkedHashMap<>();
    tensors.forEach(
        (name, array) ->
            (name.startsWith("encoder") ? second : first).put("dinov2." + name, array));
    second.put("dinov2.embeddings.mask_token", HostArray.of(new float[16], 1, 16));
    second.put("classifier.weight", HostArray.of(new float[32], 1, 32));
    weights("a.safetensors", first);
    weights("b.safetensors", second);
    StringBuilder map = new StringBuilder();
    first.keySet().forEach(name -> map.append("\"" + name + "\": \"a.safetensors\", "));
    second.keySet().forEach(name -> map.append("\"" + name + "\": \"b.safetensors\", "));
    text(
        "model.safetensors.index.json",
        "{\"weight_map\": {" + map.substring(0, map.length() - 2) + "}}");
    text("config.json", CONFIG);
    text("preprocessor_config.json", PREPROCESSING);
    PretrainedWeights weights = read(28);
    assertThat(weights.unfilled()).isEmpty();
    assertThat(weights.tensors()).isEqualTo(tensors);
    assertThat(weights.variant()).doesNotContain("id2label");
    assertThat(Backbones.pixels("auto", weights.variant()))
        .contains(
            new PixelSpec(
                List.of(0.1, 0.2, 0.3),
                List.of(0.4, 0.5, 0.6),
                Interpolation.BICUBIC,
                true,
                28 / 32.0));
    TowerReport report = TowerReport.of(TowerDirectory.open(files, folder.toString()));
    assertThat(report.isWhole()).isTrue();
    assertThat(String.join("\n", report.lines()))
        .contains("made for 28 px", "blocks.0, blocks.1")
        .contains("2, no part of the network: embeddings.mask_token, classifier.weight");
    second.put("dinov2.other", HostArray.of(new float[1], 1));
    weights("b.safetensors", second);
    report = TowerReport.of(TowerDirectory.open(files, folder.toString()));
    assertThat(report.isWhole()).isFalse();
    assertThat(report.lines()).contains("unknown    1, of no known meaning: other");
  }

  @Test
  void anotherSizeHasPositionsOfItsOwn() throws Exception {
    weights("model.safetensors", network().initialWeights(3));
    text("config.json", CONFIG);
    PretrainedWeights weights = read(42);
    assertThat(weights.tensors().get("embeddings.position_embeddings").shape())
        .containsExactly(1, 37, 16);
    assertThatThrownBy(() -> read(40))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(
            "multiples of its patches of 7 pixels, such as 35 or 42, but were: 40 x 40");
  }

  @Test
  void whatIsTrainedIsOpenedByItsOwnMetadata() throws Exception {
    weights("model.safetensors", network().initialWeights(3));
    text("config.json", CONFIG);
    PretrainedWeights weights = read(28);
    Path trained = folder.resolve("trained.safetensors");
    try (OutputStream out = Files.newOutputStream(trained)) {
      Safetensors.write(
          out,
          weights.tensors(),
          PretrainedWeights.metadata(weights.normalization(), weights.variant(), 1));
    }
    PretrainedWeights again =
        PretrainedWeights.read(
            AUTO, new long[] {3, 28, 28}, Files.readAllBytes(trained), "trained");
    assertThat(again.tensors()).isEqualTo(weights.tensors());
    assertThat(again.variant()).isEqualTo(weights.variant());
  }

  private void refused(String... words) {
    assertThatThrownBy(() -> read(28))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(words);
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    text("config.json", "[]");
    refused("config.json: is no JSON object");
    text("config.json", "{\"model_type\": \"bert\"}");
    refused("model_type = bert", "dinov2 (", "siglip (");
    text("config.json", "{\"model_type\": \"siglip_text_model\"}");
    refused(
        "the text half alone (model_type = siglip_text_model)", "embedding.model takes this one");
    text("config.json", "{}");
    refused("neither model_type, as transformers writes it, nor architecture, as timm does");
    text("config.json", CONFIG);
    refused("holds neither model.safetensors nor model.safetensors.index.json");
    text("model.onnx", "");
    refused("but: model.onnx, an ONNX graph, which cannot be trained here");
    text("pytorch_model.bin", "");
    refused("but: pytorch_model.bin, a Python pickle", "save_pretrained");
    text("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"lost.safetensors\"}}");
    refused("names lost.safetensors, which is missing");
    text("model.safetensors", "something else");
    refused("model.safetensors");
    Map<String, HostArray> tensors = network().initialWeights(3);
    tensors.remove("layernorm.weight");
    tensors.put("layernorm.extra", HostArray.of(new float[1], 1));
    weights("model.safetensors", tensors);
    refused("layernorm.weight", "layernorm.extra");
    text("config.json", CONFIG.replace("16", "\"wide\""));
    refused(
        "config.json: hidden_size must be a whole number above 0, or two equal ones, but is: \"wide\"");
    text("config.json", CONFIG);
    text("preprocessor_config.json", PREPROCESSING.replace("0.4, 0.5, 0.6", "0.4, 0, 0.6"));
    refused("preprocessor_config.json: means must be numbers and deviations above 0");
  }

  /** By the header alone, as it is done before the first stage. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "'model_type': 'dinov2', 'image_size': 32",
        "'model_type': 'vit', 'intermediate_size': 32, 'image_size': 32",
        "'model_type': 'clip_vision_model', 'intermediate_size': 32, 'image_size': 32",
        "'model_type': 'siglip_vision_model', 'intermediate_size': 32, 'image_size': 32",
        "'model_type': 'siglip2_vision_model', 'intermediate_size': 32, 'num_patches': 16",
        "'model_type': 'dinov3_vit', 'intermediate_size': 32, 'image_size': 32",
      })
  void headersAreHeldAgainstAnotherSize(String keys) throws Exception {
    String config =
        "{\"hidden_size\": 16, \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"patch_size\": 8, "
            + keys.replace('\'', '"')
            + "}";
    text("config.json", config);
    try (Tower network =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"), 32, 32)) {
      weights("model.safetensors", network.initialWeights(1));
    }
    TowerDirectory directory = TowerDirectory.open(files, folder.toString());
    for (int side : new int[] {32, 24, 48}) {
      PretrainedWeights.requireFit(AUTO, new long[] {3, side, side}, directory.outline(), "dir");
      assertThat(read(side).unfilled()).isEmpty();
    }
  }

  @Test
  void valuesThatNoNetworkCanHaveAreNamed() throws Exception {
    text("preprocessor_config.json", PREPROCESSING);
    weights("model.safetensors", network().initialWeights(3));
    text("config.json", CONFIG.replace("\"num_attention_heads\": 2", "\"num_attention_heads\": 5"));
    refused("config.json: a width of 16 cannot be divided among 5 heads");
    text("config.json", CONFIG.replace("28,", "[28, 14],"));
    refused("image_size must be a whole number above 0, or two equal ones, but is: [28,14]");
    text("config.json", CONFIG.replace("28,", "4294967324,"));
    refused("image_size", "4294967324");
    String rotary = CONFIG.replace("dinov2", "dinov3_vit").replace("16", "12");
    text("config.json", rotary);
    refused("heads of a multiple of 4 numbers, but a width of 12 in 2 heads has 6");
    text("config.json", rotary.replace("12,", "16, \"num_register_tokens\": -5,"));
    refused("num_register_tokens must be a whole number, 0 or above, but is: -5");
    text("config.json", "{\"architecture\": \"swin_tiny_patch0_window7_224\"}");
    refused("swin_tiny_patch0_window7_224");
    text("config.json", CONFIG);
    weights("model.safetensors", Map.of("text_model.norm.weight", HostArray.of(new float[1], 1)));
    assertThatThrownBy(() -> read(28)).hasMessageContaining("holds the text half alone");
    Files.delete(folder.resolve("model.safetensors"));
    text("model.safetensors.index.json", "{\"weight_map\": {\"a\": \"../b.safetensors\"}}");
    refused("model.safetensors.index.json", "../b.safetensors");
    text("model.safetensors.index.json", "{\"weight_map\": {\"a\": 3.5}}");
    refused("names 3.5, which is missing");
  }

  /** timm's networks of one family were trained on images of several kinds. */
  @Test
  void withoutAWordOnImagesATimmFileIsRefused() throws Exception {
    text("config.json", "{\"architecture\": \"vit_small_patch16_224\"}");
    refused("how images are prepared is not known", "pretrained_cfg", "preprocessor_config.json");
  }

  @Test
  void aFileWithoutItsDirectoryIsRefused() throws Exception {
    weights("model.safetensors", network().initialWeights(3));
    byte[] content = TowerDirectory.content(files, folder.resolve("model.safetensors").toString());
    assertThatThrownBy(
            () -> PretrainedWeights.read(AUTO, new long[] {3, 28, 28}, content, "a/file"))
        .isInstanceOf(LsgException.class)
        .hasMessageStartingWith("a/file: says nothing of the network that it is of");
  }

  /** What is trained in another way is shown images in that way later, too. */
  @Test
  void anExplicitNormalizationSetsTheDirectorysAside() throws Exception {
    weights("model.safetensors", network().initialWeights(3));
    text("config.json", CONFIG);
    text("preprocessor_config.json", PREPROCESSING);
    TrainSettings inception =
        SettingsLoader.parse("train { backbone = auto, weights = here, normalization = inception }")
            .train();
    PretrainedWeights weights =
        PretrainedWeights.read(
            inception,
            new long[] {3, 28, 28},
            TowerDirectory.content(files, folder.toString()),
            "dir");
    assertThat(Backbones.pixels("auto", weights.variant())).isEmpty();
    Path trained = folder.resolve("trained.safetensors");
    try (OutputStream out = Files.newOutputStream(trained)) {
      Safetensors.write(
          out,
          weights.tensors(),
          PretrainedWeights.metadata(weights.normalization(), weights.variant(), 1));
    }
    PretrainedWeights again =
        PretrainedWeights.read(
            AUTO, new long[] {3, 28, 28}, Files.readAllBytes(trained), "trained");
    assertThat(again.normalization()).isEqualTo(TrainSettings.Normalization.INCEPTION);
    assertThat(Backbones.pixels("auto", again.variant())).isEmpty();
    assertThat(again.tensors()).isEqualTo(weights.tensors());
  }
}
