package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.PretrainedWeights;
import io.github.lsgspark.config.AudioSettings.MelSettings.Kind;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SoundSpec;
import io.github.lsgspark.config.SoundSpec.Fill;
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
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Directories of networks of sounds that the test makes. */
class SoundDirectoryTest {
  private static final String HUBERT =
      """
      { "model_type": "hubert", "hidden_size": 16, "num_hidden_layers": 2, "intermediate_size": 32,
        "num_attention_heads": 2, "conv_dim": [8, 8], "conv_kernel": [10, 3], "conv_stride": [5, 2],
        "num_conv_pos_embeddings": 4, "num_conv_pos_embedding_groups": 2%s }
      """;

  private static final String CLAP =
      "{\"model_type\": \"clap\", \"projection_dim\": 6, \"audio_config\": {\"spec_size\": 64,"
          + " \"num_mel_bins\": 16, \"window_size\": 4, \"patch_embeds_hidden_size\": 8,"
          + " \"depths\": [1, 1], \"num_attention_heads\": [2, 2]%s}}";

  private static final TrainSettings AUTO =
      SettingsLoader.parse("data.modality = audio, train { backbone = auto, weights = here }")
          .train();

  private static final long[] VIEW = {1, 64, 501};

  @TempDir Path folder;
  private final HadoopFiles files = new HadoopFiles(new Configuration());

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private void text(String name, String content) throws Exception {
    Files.writeString(folder.resolve(name), content);
  }

  private Map<String, HostArray> write(String config) throws Exception {
    text("config.json", config);
    Map<String, HostArray> tensors;
    try (Tower network =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"), 1, 400)) {
      tensors = new LinkedHashMap<>(network.initialWeights(3));
    }
    weights(tensors);
    return tensors;
  }

  private void weights(Map<String, HostArray> tensors) throws Exception {
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of());
    }
  }

  private PretrainedWeights read(long... view) {
    byte[] content = TowerDirectory.content(files, folder.toString());
    return PretrainedWeights.read(AUTO, view, content, "dir");
  }

  private void refused(int code, String... words) {
    assertThatThrownBy(() -> read(VIEW))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(code))
        .hasMessageContainingAll(words);
  }

  @Test
  void weightNormalisationIsReadUnderItsNewNames() throws Exception {
    Map<String, HostArray> tensors = write(HUBERT.formatted(""));
    Map<String, HostArray> renamed = new LinkedHashMap<>();
    tensors.forEach(
        (name, array) ->
            renamed.put(
                "hubert."
                    + name.replace("weight_g", "parametrizations.weight.original0")
                        .replace("weight_v", "parametrizations.weight.original1"),
                array));
    renamed.put("hubert.masked_spec_embed", HostArray.of(new float[16], 16));
    renamed.put("lm_head.weight", HostArray.of(new float[16], 1, 16));
    weights(renamed);
    PretrainedWeights weights = read(VIEW);
    assertThat(weights.tensors()).isEqualTo(tensors);
    assertThat(Backbones.sound("auto", weights.variant()))
        .contains(SoundSpec.waveform(16000, Fill.REPEAT, true));
    assertThat(TowerReport.of(TowerDirectory.open(files, folder.toString())).isWhole()).isTrue();
  }

  /** What stands before the transformer is not normalised, so there is no such tensor. */
  @Test
  void whatTheFileSaysIsLeftOut() throws Exception {
    Map<String, HostArray> tensors = write(HUBERT.formatted(", \"feat_proj_layer_norm\": false"));
    assertThat(tensors)
        .doesNotContainKey("feature_projection.layer_norm.weight")
        .containsKey("feature_projection.projection.weight");
    assertThat(read(VIEW).unfilled()).isEmpty();
    assertThat(write(HUBERT.formatted(""))).containsKey("feature_projection.layer_norm.weight");
  }

  /**
   * Strides of bands and of frames are each their own; queries, keys and values may lack biases.
   */
  @Test
  void stridesOfSpectrogramsAreEachTheirOwn() {
    String config =
        "{\"model_type\": \"audio-spectrogram-transformer\", \"hidden_size\": 16,"
            + " \"num_hidden_layers\": 1, \"num_attention_heads\": 2, \"intermediate_size\": 32,"
            + " \"patch_size\": 16, \"num_mel_bins\": 64, \"max_length\": 100,"
            + " \"frequency_stride\": 8, \"time_stride\": 12, \"qkv_bias\": false}";
    try (Tower network =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"), 64, 100)) {
      // Seven patches of bands, eight of frames, two tokens.
      assertThat(network.parameterShapes().get("embeddings.position_embeddings"))
          .containsExactly(1, 7 * 8 + 2, 16);
      assertThat(network.parameterShapes())
          .doesNotContainKey("encoder.layer.0.attention.attention.query.bias");
    }
  }

  /** The vectors of each are of 16 numbers, whatever stands before the transformer. */
  @ParameterizedTest
  @CsvSource({
    "'conv_pos_batch_norm': true, encoder.pos_conv_embed.batch_norm.running_mean, REPEAT",
    "'feat_extract_norm': 'layer', feature_extractor.conv_layers.1.layer_norm.bias, BEHIND",
    "'conv_bias': true, feature_extractor.conv_layers.1.conv.bias, REPEAT",
    "'do_stable_layer_norm': true, encoder.layer_norm.bias, REPEAT"
  })
  void whatTheFileSaysIsBuilt(String key, String tensor, Fill fill) throws Exception {
    Map<String, HostArray> tensors = write(HUBERT.formatted(", " + key.replace('\'', '"')));
    assertThat(tensors).containsKey(tensor);
    PretrainedWeights weights = read(VIEW);
    assertThat(weights.unfilled()).isEmpty();
    assertThat(Backbones.sound("auto", weights.variant()).orElseThrow().fill()).isEqualTo(fill);
  }

  @Test
  void banksOfClapAreThoseOfTheTruncation() throws Exception {
    text("config.json", CLAP.formatted(""));
    assertThat(bank()).isEqualTo(Kind.SLANEY);
    text("config.json", CLAP.formatted(", \"enable_fusion\": true"));
    assertThat(bank()).isEqualTo(Kind.HTK);
    text("preprocessor_config.json", "{\"feature_size\": 16, \"truncation\": \"rand_trunc\"}");
    assertThat(bank()).isEqualTo(Kind.SLANEY);
    text("preprocessor_config.json", "{\"feature_size\": 16}");
    assertThat(bank()).isEqualTo(Kind.HTK);
    text("preprocessor_config.json", "{\"feature_size\": 16, \"padding\": \"mirror\"}");
    refused(3, "padding must be repeatpad, repeat or pad, but is: mirror");
  }

  private Kind bank() {
    TowerDirectory directory = TowerDirectory.open(files, folder.toString());
    return directory.preparation().sound().orElseThrow().mel().kind();
  }

  @Test
  void whatIsWrongIsNamed() throws Exception {
    write(HUBERT.formatted(""));
    assertThatThrownBy(() -> read(3, 224, 224))
        .hasMessageContaining(
            "train.backbone = auto, by its weights, is for data.modality = audio, but that was: image");
    text("preprocessor_config.json", "{\"sampling_rate\": 100}");
    refused(3, "preprocessor_config.json: a sampling rate must be", "but was: 100");
    text("preprocessor_config.json", "{}");
    text("config.json", HUBERT.formatted(", \"adapter_attn_dim\": 16"));
    refused(3, "networks with adapters are not read, but adapter_attn_dim is: 16");
    text("config.json", HUBERT.formatted(", \"feat_extract_norm\": \"batch\""));
    refused(3, "feat_extract_norm must be group or layer, but is: batch");
    text("config.json", HUBERT.formatted("").replace("[10, 3]", "[10]"));
    refused(3, "conv_dim, conv_kernel and conv_stride must be equally long");
    text("config.json", "{\"model_type\": \"whisper\", \"max_source_positions\": 1000}");
    refused(3, "feature_size = 80 and 3000 frames must be num_mel_bins", "80", "1000");
    text("config.json", "{\"model_type\": \"audio-spectrogram-transformer\"}");
    text("preprocessor_config.json", "{\"std\": 0}");
    refused(3, "preprocessor_config.json: mean must be a number and deviation above 0");
    text("preprocessor_config.json", "{}");
    text("config.json", "{\"model_type\": \"audio-spectrogram-transformer\", \"max_length\": 9}");
    refused(3, "config.json", "num_mel_bins = 128 and max_length = 9", "patch_size = 16");
  }
}
