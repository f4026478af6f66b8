package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.HostArray;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.LocalFileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Folders of trained models that were copied in part, or put together of two. */
class ModelCheckTest {
  private static final HadoopFiles FILES = new HadoopFiles(new Configuration());

  @TempDir Path folder;

  private Map<String, HostArray> tensors;

  @BeforeEach
  void writeModel() {
    ModelDescription description =
        new ModelDescription(
            "small-cnn",
            "",
            3,
            "linear",
            8,
            InputSpec.of(
                SettingsLoader.parse("train.image-size = 24"),
                TrainSettings.Normalization.IMAGENET),
            1,
            null);
    try (Network network = new Network(description, null, false, ComputeDevice.cpu())) {
      network.initialize(5);
      tensors = new LinkedHashMap<>(network.export());
    }
    ModelFiles files = new ModelFiles(FILES, folder.toString());
    files.write(description);
    files.write(ModelFiles.LAST, tensors, description);
    prototypes(3, 8);
    labels("cat", "dog", "eel");
  }

  private void prototypes(int classes, int dimension) {
    new ModelFiles(FILES, folder.toString())
        .write(
            ModelFiles.PROTOTYPES,
            Map.of(
                ModelFiles.PROTOTYPES_TENSOR,
                HostArray.of(new float[classes * dimension], classes, dimension)));
  }

  private void labels(String... names) {
    new ModelFiles(FILES, folder.toString())
        .write(
            ModelFiles.LABELS,
            LabelSet.fromFolders(List.of(names), "f").toJson().getBytes(StandardCharsets.UTF_8));
  }

  /** Hadoop's checksums lie beside local files; another program that writes knows none. */
  private void deleteChecksum(String name) throws IOException {
    Files.deleteIfExists(folder.resolve("." + name + ".crc"));
  }

  private void check() {
    TrainedModel.check(FILES, folder.toString(), TrainedModel.LAST);
  }

  private void assertRefused(String... parts) {
    assertThatThrownBy(this::check)
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll(parts)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aWholeModelIsTaken() {
    assertThatCode(this::check).doesNotThrowAnyException();
  }

  @Test
  void missingFilesAreNamed() throws IOException {
    for (String name : List.of("model.json", "labels.json", "model.safetensors")) {
      Files.move(folder.resolve(name), folder.resolve("away"));
      assertRefused(name + ": no such file");
      Files.createDirectory(folder.resolve(name));
      assertRefused(name + ": is a folder; the path of a file is needed");
      Files.delete(folder.resolve(name));
      Files.write(folder.resolve(name), new byte[0]);
      assertRefused(name);
      Files.delete(folder.resolve(name));
      Files.move(folder.resolve("away"), folder.resolve(name));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "classes | 4 | labels.json has 3 labels, but model.json says 4 classes",
        "classes | 0 | model.json: \"classes\" must be above 0",
        "classes | \"x\" | model.json: ",
        "backbone | \"RESNET18\" | does not hold the network that model.json describes",
        "backbone | \"RESNET19\" | model.json: ",
        "backbone | null | model.json: \"backbone\" is missing",
        "backbone | \"TORCHSCRIPT\" | but backbone.pt is not there",
        "projector | \"none\" | not part of it (projector.weight, projector.bias)",
        "projector | \"deep\" | \"projector\" must be none, linear or mlp, but is deep",
        "dimension | 16 | 2 of another shape (projector.weight [8, ",
        "input | null | model.json: \"input\" is missing",
        "feature_scale | 0 | \"feature_scale\" must be above 0",
      })
  void entriesOfTheDescriptionAreNamed(String key, String value, String message)
      throws IOException {
    ObjectMapper json = new ObjectMapper();
    Path file = folder.resolve("model.json");
    ObjectNode description = (ObjectNode) json.readTree(file.toFile());
    description.set(key, json.readTree(value));
    deleteChecksum("model.json");
    json.writeValue(file.toFile(), description);
    assertRefused(message);
  }

  @Test
  void labelsOfAnotherModelAreNamed() {
    labels("cat", "dog");
    assertRefused("labels.json has 2 labels, but model.json says 3 classes");
  }

  @Test
  void tensorsAreCountedAndNamed() throws IOException {
    int all = tensors.size();
    HostArray bias = tensors.remove("classifier.bias");
    write();
    assertRefused(
        "model.safetensors: does not hold",
        all - 1 + " of " + all + " tensors fit, 1 missing (classifier.bias)");
    tensors.put("classifier.bias", HostArray.of(new float[4], 4));
    tensors.put("more", bias);
    write();
    assertRefused("1 of another shape (classifier.bias [4] for [3]), 1 not part of it (more)");
    tensors.remove("more");
    tensors.put("classifier.bias", HostArray.of(new float[] {0, 0, Float.NaN}, 3));
    write();
    assertRefused("tensor classifier.bias[3] holds a value that is no finite number (NaN");
  }

  private void write() {
    new ModelFiles(FILES, folder.toString()).write(ModelFiles.LAST, tensors);
  }

  @Test
  void prototypesOfAnotherModelAreNamed() throws IOException {
    prototypes(2, 8);
    assertRefused("prototypes.safetensors", "1 of another shape (prototypes [2, 8] for [3, 8])");
    try (LocalFileSystem hadoop = new LocalFileSystem()) {
      // Another program of Hadoop's leaves a checksum beside it.
      hadoop.initialize(URI.create("file:///"), new Configuration());
      try (OutputStream out =
          hadoop.create(
              new org.apache.hadoop.fs.Path(folder.resolve("prototypes.safetensors").toUri()))) {
        out.write(new byte[13]);
      }
    }
    Files.writeString(folder.resolve("prototypes.safetensors"), "<html></html>");
    assertRefused("prototypes.safetensors: its content does not agree with the checksum");
    deleteChecksum("prototypes.safetensors");
    assertRefused("prototypes.safetensors: is an HTML page");
  }

  /** What loads a model checks it, too: executors read their files after the driver. */
  @Test
  void loadingChecks() {
    tensors.remove("classifier.bias");
    write();
    assertThatThrownBy(
            () ->
                TrainedModel.load(
                    FILES,
                    folder.toString(),
                    TrainedModel.LAST,
                    SettingsLoader.parse("").prepare(),
                    ComputeDevice.cpu()))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("1 missing (classifier.bias)");
  }

  @Test
  void startingWeightsAreTriedBeforeExecutorsAre() throws IOException {
    InitialWeights weights =
        new InitialWeights(Files.readAllBytes(folder.resolve("model.safetensors")), "w");
    TrainStage.requireFit(
        SettingsLoader.parse("train { backbone = small-cnn, image-size = 24 }"), weights);
    assertThatThrownBy(
            () ->
                TrainStage.requireFit(
                    SettingsLoader.parse("train { backbone = resnet18, image-size = 24 }"),
                    weights))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("w: does not fit train.backbone = resnet18");
    assertThatThrownBy(
            () ->
                TrainStage.requireFit(
                    SettingsLoader.parse(
                        "train { backbone = torchscript, weights = w, image-size = 24 }"),
                    weights))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("w: is something else; a TorchScript archive is needed");
  }
}
