package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.ScriptModule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The file for serving; that it answers as the network does is checked where it is written. */
class ServingModelTest {
  @TempDir Path folder;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static ModelDescription description(String backbone, String variant, int size) {
    return new ModelDescription(
        backbone,
        variant,
        4,
        "linear",
        8,
        InputSpec.of(
            SettingsLoader.parse("train.image-size = " + size),
            TrainSettings.Normalization.IMAGENET),
        1.5,
        null);
  }

  /** Random weights, with running statistics that are not those of a new network. */
  static Map<String, HostArray> tensors(ModelDescription description, byte[] module) {
    Map<String, HostArray> tensors;
    try (Network network = new Network(description, module, false, ComputeDevice.cpu())) {
      network.initialize(5);
      tensors = new LinkedHashMap<>(network.export());
    }
    SplittableRandom random = new SplittableRandom(1);
    tensors.replaceAll(
        (name, array) -> {
          float[] values = array.floats();
          if (name.contains("running_")) {
            for (int i = 0; i < values.length; i++) {
              values[i] += (float) (0.2 * random.nextDouble());
            }
          }
          return HostArray.of(values, array.shape());
        });
    return tensors;
  }

  private ModelFiles files() {
    return new ModelFiles(new HadoopFiles(new Configuration()), folder.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "squeezenet1_1, '', 66",
    "squeezenet1_1, keras, 66",
    "resnet18, '', 40",
    "resnet50, '', 40",
    "resnet20-cifar, '', 32",
    "vit-tiny, '', 32",
    "small-cnn, '', 24"
  })
  void everyBackboneIsServed(String kind, String variant, int size) {
    ModelDescription description = description(kind, variant, size);
    Map<String, HostArray> tensors = tensors(description, null);
    ServingModel.write(files(), description, tensors, null);
    try (ScriptModule served = ScriptModule.load(files().content(ModelFiles.SERVING), "served");
        Backbone backbone = description.network(null)) {
      assertThat(served.parameterShapes().keySet())
          .containsAll(backbone.parameterShapes().keySet())
          .contains("classifier.weight")
          .noneMatch(name -> name.startsWith("projector"));
      assertThat(served.bufferShapes().keySet())
          .containsExactlyInAnyOrderElementsOf(backbone.bufferShapes().keySet());
    }
    assertThat(folder.resolve(ModelFiles.MODULE)).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "small-cnn", "cnn14-small", "ast-tiny"})
  void networksOfSoundsAreServed(String kind) {
    InputSpec input =
        InputSpec.of(
            SettingsLoader.parse("data.modality = audio, audio.seconds = 0.8"),
            TrainSettings.Normalization.IMAGENET);
    ModelDescription description = new ModelDescription(kind, "", 4, "linear", 8, input, 1.5, null);
    ServingModel.write(files(), description, tensors(description, null), null);
    assertThat(folder.resolve(ModelFiles.SERVING)).exists();
  }

  @ParameterizedTest
  @CsvSource({"r3d-18, 24", "r2plus1d-18, 24", "resnet18, 32", "vit-tiny, 32"})
  void everyBackboneIsServedForVideos(String kind, int size) {
    ModelDescription description =
        new ModelDescription(
            kind,
            "",
            4,
            "none",
            0,
            InputSpec.of(
                SettingsLoader.parse(
                    "data.modality = video, video.frames = 4, train.image-size = " + size),
                TrainSettings.Normalization.KINETICS),
            1,
            null);
    ServingModel.write(files(), description, tensors(description, null), null);
    try (ScriptModule served = ScriptModule.load(files().content(ModelFiles.SERVING), "served")) {
      assertThat(served.parameterShapes()).containsKey("classifier.weight");
    }
  }

  @Test
  void aModuleOfTheUsersIsServedWithItsTrainedWeights() throws IOException {
    byte[] module;
    try (InputStream in = getClass().getResourceAsStream("/torchscript/module.pt")) {
      module = in.readAllBytes();
    }
    ModelDescription description = description(Backbones.TORCHSCRIPT, "", 16);
    Map<String, HostArray> tensors = tensors(description, module);
    String trained = "backbone.net.body.bias";
    tensors.put(trained, HostArray.of(new float[] {1, 2, 3, 4, 5, 6}, 6));
    ServingModel.write(files(), description, tensors, module);
    assertThat(Files.readAllBytes(folder.resolve(ModelFiles.MODULE))).isEqualTo(module);
    try (ScriptModule served = ScriptModule.load(files().content(ModelFiles.SERVING), "served")) {
      assertThat(served.tensors().get(trained).floats()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void aFileThatAnswersOtherwiseIsAnError() {
    ModelDescription description = description("small-cnn", "", 24);
    Map<String, HostArray> tensors = tensors(description, null);
    ServingModel.write(files(), description, tensors, null);
    byte[] archive = files().content(ModelFiles.SERVING);
    tensors.put("classifier.bias", HostArray.of(new float[] {0, 0, 0, 0.01f}, 4));
    assertThatThrownBy(
            () -> ServingModel.check(description, tensors, null, archive, "model.torchscript.pt"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("model.torchscript.pt differs from the network by 0.0");
  }
}
