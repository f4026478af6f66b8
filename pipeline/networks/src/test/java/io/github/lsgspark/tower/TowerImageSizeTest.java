package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.VoteMembers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code train.image-size = auto} takes from a directory of weights. */
class TowerImageSizeTest {
  private static final String DINO = "{'model_type': 'dinov2', 'image_size': 518}";

  @TempDir Path folder;

  private Path directory(String name, String config, String processor) throws IOException {
    Path directory = Files.createDirectories(folder.resolve(name));
    Files.writeString(directory.resolve("config.json"), config.replace('\'', '"'));
    if (processor != null) {
      Files.writeString(
          directory.resolve("preprocessor_config.json"), processor.replace('\'', '"'));
    }
    return directory;
  }

  private static Loaded load(Object weights) {
    return SettingsLoader.load(
        "train { backbone = auto, weights = \"" + weights + "\" }", Map.of());
  }

  private static int size(Loaded loaded) {
    return loaded.settings().train().imageSize();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'size': {'shortest_edge': 256}, 'do_center_crop': true, 'crop_size': {'height': 224, 'width': 224}} | 224",
        "{'size': 256, 'do_center_crop': true, 'crop_size': 192} | 192",
        "{'size': {'height': 384, 'width': 384}} | 384",
        "{'size': {'shortest_edge': 288}, 'crop_pct': 0.875} | 288",
        "{'do_normalize': true} | 518",
        " | 518",
      })
  void theProcessorComesBeforeTheNetwork(String processor, int size) throws IOException {
    assertThat(size(load(directory("dino", DINO, processor)))).isEqualTo(size);
  }

  @Test
  void timmNamesTheShape() throws IOException {
    String config =
        "{'architecture': 'vit_small_patch16_224', 'pretrained_cfg': {'input_size': [3, 240, 240]}}";
    assertThat(size(load(directory("timm", config, null)))).isEqualTo(240);
  }

  @Test
  void whatNamesNoneHasTheUsualSize() throws IOException {
    String sounds = "{'model_type': 'audio-spectrogram-transformer'}";
    assertThat(size(load(directory("sounds", sounds, "{'sampling_rate': 16000}")))).isEqualTo(224);
    Path file = Files.writeString(folder.resolve("weights.safetensors"), "");
    assertThat(size(load(file))).isEqualTo(224);
    assertThat(size(load(folder.resolve("missing")))).isEqualTo(224);
    assertThat(size(SettingsLoader.load("", Map.of()))).isEqualTo(224);
    assertThat(size(load("pretrain"))).isEqualTo(224);
    assertThat(size(SettingsLoader.load("train.image-size = 96", Map.of()))).isEqualTo(96);
    // Of a network that has a name of its own, weights are not looked at, wherever they are.
    assertThat(
            size(
                SettingsLoader.load(
                    "train { backbone = resnet18, weights = \"hdfs:///models\" }", Map.of())))
        .isEqualTo(224);
  }

  /** As often as weights are laid over others. */
  @Test
  void eachNetworkHasItsOwn() throws IOException {
    Path dino = directory("dino", DINO, null);
    Path other = directory("other", DINO.replace("518", "98"), null);
    Loaded base = load(dino);
    Loaded laid =
        SettingsLoader.overlay(
            base, ConfigFactory.parseString("train.weights = \"" + other + "\""));
    assertThat(size(laid)).isEqualTo(98);
    Loaded voting =
        SettingsLoader.load(
            "train { backbone = auto, weights = \"%s\" }, vote.members { a {}, b { train.weights = \"%s\" } }"
                .formatted(dino, other),
            Map.of());
    assertThat(VoteMembers.of(voting).values())
        .extracting(TowerImageSizeTest::size)
        .containsExactly(518, 98);
  }

  @Test
  void faultsAreNamed() throws IOException {
    Path strange = directory("strange", "{'model_type': 'strange'}", null);
    assertThatThrownBy(() -> load(strange))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("config.json: has model_type = strange");
    Path broken = directory("broken", DINO, "{'size': {'height': 0}}");
    assertThatThrownBy(() -> load(broken))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("preprocessor_config.json");
    Path huge = directory("huge", DINO, "{'size': {'height': 4000}}");
    assertThatThrownBy(() -> load(huge))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("train.image-size");
    assertThatThrownBy(() -> SettingsLoader.load("train.image-size = large", Map.of()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("train.image-size");
  }
}
