package io.github.lsgspark.training;

import io.github.lsgspark.torch.Dtype;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of torchvision and timm for images. */
@Tag("real-data")
class PyTorchParityTest {
  private static final Path FOLDER =
      Path.of(System.getProperty("lsg.shared.dir"), "plm", "backbone");

  @ParameterizedTest
  @CsvSource({
    "resnet18_64, FLOAT32",
    "resnet18_64, FLOAT64",
    "resnet18_224, FLOAT32",
    "resnet18_224, FLOAT64",
    "resnet50_64, FLOAT32",
    "resnet50_64, FLOAT64",
    "vit_tiny_patch16_224_depth2, FLOAT32",
    "vit_tiny_patch16_224_depth2, FLOAT64"
  })
  void threeStepsEqualPyTorchs(String name, Dtype dtype) throws Exception {
    PyTorchSteps.compare(FOLDER, name, dtype);
  }
}
