package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackboneNamesTest {
  @TempDir Path folder;

  @Test
  void anUnknownNameIsRefusedWithItsPlace() throws Exception {
    Path file = Files.writeString(folder.resolve("run.conf"), "seed = 1\ntrain.backbone = vgg\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, Map.of()))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("run.conf:2: train.backbone must be one of squeezenet1_1, resnet18,")
        .hasMessageEndingWith("but was: vgg");
  }

  @Test
  void networksRefuseWhatTheyCannotWorkWith() {
    assertThatThrownBy(
            () -> SettingsLoader.parse("train { backbone = vit-tiny, image-size = 100 }"))
        .isInstanceOf(LsgException.class)
        .hasMessage(
            "train: image-size must be a multiple of 16 for vision transformers, but was: 100");
    assertThatThrownBy(() -> SettingsLoader.parse("train.backbone = torchscript"))
        .isInstanceOf(LsgException.class)
        .hasMessage("train: backbone = torchscript needs weights, the path of a TorchScript file");
  }
}
