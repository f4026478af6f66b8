package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.backbone.FeatureSpec;
import io.github.lsgspark.config.FeaturesSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.PrepareSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime answers by the file as the model does by its network. */
class OnnxFileTest {
  private static final HadoopFiles FILES = new HadoopFiles(new Configuration());
  private static final PrepareSettings PREPARE = SettingsLoader.parse("").prepare();

  @TempDir Path folder;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static ModelDescription description(
      String backbone, String variant, InputSpec input, double scale, FeatureSpec features) {
    return new ModelDescription(backbone, variant, 4, "linear", 8, input, scale, features);
  }

  private static InputSpec input(String settings, Normalization normalization) {
    return InputSpec.of(SettingsLoader.parse(settings), normalization);
  }

  /** A model of random weights. */
  private void write(ModelDescription description, byte[] module) {
    ModelFiles files = new ModelFiles(FILES, folder.toString());
    files.write(description);
    files.write(ModelFiles.LAST, ServingModelTest.tensors(description, module));
    if (module != null) {
      files.write(ModelFiles.MODULE, module);
    }
  }

  private TrainedModel model() {
    return TrainedModel.load(
        FILES, folder.toString(), TrainedModel.LAST, PREPARE, ComputeDevice.cpu());
  }

  private double checked() {
    Path file = folder.resolve("model.onnx");
    try (TrainedModel model = model()) {
      OnnxFile.write(FILES, folder.toString(), model.modality(), file.toString());
      SplittableRandom random = new SplittableRandom(2);
      try (OnnxCheck check = new OnnxCheck(file, "model.onnx", model)) {
        for (int i = 0; i < 3; i++) {
          float[] views = new float[model.modality().evaluationViews() * model.modality().length()];
          for (int j = 0; j < views.length; j++) {
            views[j] = (float) random.nextGaussian();
          }
          check.sample(views);
        }
        assertThat(check.samples()).isEqualTo(3);
        return check.difference();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "squeezenet1_1, '', 66, IMAGENET",
    "squeezenet1_1, keras, 66, CAFFE_BGR",
    "resnet18, '', 40, IMAGENET",
    "resnet50, '', 40, INCEPTION",
    "resnet20-cifar, '', 32, IMAGENET",
    "vit-tiny, '', 32, INCEPTION",
    "small-cnn, '', 24, IMAGENET"
  })
  void networksOfImages(String kind, String variant, int size, Normalization normalization) {
    write(
        description(kind, variant, input("train.image-size = " + size, normalization), 1.5, null),
        null);
    assertThat(checked()).isLessThan(1e-3);
  }

  private static List<String> layers(String kind) {
    try (Backbone network = Backbones.of(kind, "", new long[] {3, 64, 64})) {
      return network.featureLayers();
    }
  }

  /** As the closed form's models are: layers of a network, pooled, transformed, standardised. */
  @ParameterizedTest
  @CsvSource({
    "squeezenet1_1, root-unit, true",
    "resnet18, unit, false",
    "vit-tiny, root-unit, false",
    "small-cnn, none, false"
  })
  void pooledLayers(String kind, String transform, boolean whitened) {
    FeatureSpec features =
        FeatureSpec.bare(layers(kind), Pooling.AUTO).with(layers(kind), transform, whitened);
    write(
        description(kind, "", input("train.image-size = 64", Normalization.IMAGENET), 1, features),
        null);
    assertThat(checked()).isLessThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"resnet18", "small-cnn", "cnn14-small", "ast-tiny"})
  void networksOfSounds(String kind) {
    write(
        description(
            kind,
            "",
            input("data.modality = audio, audio.seconds = 0.8", Normalization.IMAGENET),
            1.5,
            null),
        null);
    assertThat(checked()).isLessThan(1e-3);
  }

  @ParameterizedTest
  @CsvSource({"r3d-18, 24", "r2plus1d-18, 24", "resnet18, 32", "vit-tiny, 32"})
  void networksOfVideos(String kind, int size) {
    String settings = "data.modality = video, video.frames = 4, train.image-size = " + size;
    write(description(kind, "", input(settings, Normalization.KINETICS), 1, null), null);
    assertThat(checked()).isLessThan(1e-3);
  }

  @Test
  void aModuleOfTheUsersIsRefusedByName() throws IOException {
    byte[] module;
    try (InputStream in = getClass().getResourceAsStream("/torchscript/module.pt")) {
      module = in.readAllBytes();
    }
    write(
        description(
            Backbones.TORCHSCRIPT,
            "",
            input("train.image-size = 16", Normalization.IMAGENET),
            1,
            null),
        module);
    assertThatThrownBy(this::checked)
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(3))
        .hasMessageContaining("TorchScript backbone");
  }

  @Test
  void theSameModelGivesTheSameFileAndAnotherDoesNotAnswerAsIt() throws IOException {
    ModelDescription description =
        description(
            "small-cnn", "", input("train.image-size = 24", Normalization.IMAGENET), 1, null);
    write(description, null);
    checked();
    byte[] once = Files.readAllBytes(folder.resolve("model.onnx"));
    checked();
    assertThat(Files.readAllBytes(folder.resolve("model.onnx"))).isEqualTo(once);
    ModelFiles files = new ModelFiles(FILES, folder.toString());
    Map<String, HostArray> tensors = new LinkedHashMap<>(files.read(ModelFiles.LAST));
    tensors.put("classifier.bias", HostArray.of(new float[] {0, 0, 0, 0.01f}, 4));
    files.write(ModelFiles.LAST, tensors);
    try (TrainedModel other = model()) {
      float[] view = new float[other.modality().length()];
      try (OnnxCheck check = new OnnxCheck(folder.resolve("model.onnx"), "model.onnx", other)) {
        assertThatThrownBy(() -> check.sample(view))
            .isInstanceOf(LsgException.class)
            .hasMessageContaining("model.onnx: logits differ from the network's by 0.0");
      }
    }
  }
}
