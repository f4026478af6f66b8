package io.github.lsgspark.training;

import io.github.lsgspark.torch.Dtype;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Networks of torchvision for videos; golden/video/README.md says how the numbers were made. */
class VideoParityTest {

  @ParameterizedTest
  @CsvSource({"r3d_18, FLOAT32", "r3d_18, FLOAT64", "r2plus1d_18, FLOAT32", "r2plus1d_18, FLOAT64"})
  void threeStepsEqualPyTorchs(String name, Dtype dtype) throws Exception {
    PyTorchSteps.compare(Path.of(getClass().getResource("/golden/video").toURI()), name, dtype);
  }
}
