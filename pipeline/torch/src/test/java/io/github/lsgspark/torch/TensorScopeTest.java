package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class TensorScopeTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @Test
  void whatIsKeptSurvivesAndTheRestIsFreed() {
    Tensor kept;
    Tensor dropped;
    try (TensorScope scope = new TensorScope()) {
      dropped = Tensors.of(new float[] {1, 2}, 2);
      kept = scope.keep(Ops.mul(dropped, 3));
    }
    assertThat(dropped.isNull()).isTrue();
    assertThat(Tensors.floats(kept)).containsExactly(3, 6);
    kept.close();
  }

  /** Without the scope these steps would leave 1.6 GB behind. */
  @Test
  void memoryStaysFlatOverSteps() throws IOException {
    step();
    long before = residentKilobytes();
    for (int i = 0; i < 200; i++) {
      step();
    }
    assertThat(residentKilobytes() - before).isLessThan(200_000);
  }

  private static void step() {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Autograd.leaf(Tensors.zeros(Dtype.FLOAT32, ComputeDevice.cpu(), 1024, 1024));
      Autograd.backward(Ops.sum(Ops.relu(x)));
      assertThat(Autograd.grad(x).numel()).isEqualTo(1L << 20);
    }
  }

  private static long residentKilobytes() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void arraysOfEveryTypeComeBackAsTheyWere() {
    try (TensorScope scope = new TensorScope()) {
      double[] doubles = {Math.PI, -1e300};
      assertThat(Tensors.doubles(Tensors.of(doubles, 2))).containsExactly(doubles);
      long[] longs = {Long.MIN_VALUE, 7};
      assertThat(Tensors.longs(Tensors.of(longs, 1, 2))).containsExactly(longs);
      byte[] bytes = {0, -1};
      assertThat(Tensors.longs(Tensors.of(bytes, 2))).containsExactly(0, 255);
      assertThat(Tensors.floats(Tensors.of(new float[0], 0, 3))).isEmpty();
      Tensor transposed = Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).t();
      assertThat(Tensors.floats(transposed)).containsExactly(1, 3, 2, 4);
      assertThatThrownBy(() -> Tensors.of(new float[3], 2, 2)).hasMessageContaining("[2, 2]");
    }
  }

  @Test
  void aMissingGpuIsAnErrorOfTheEnvironmentAndNeverTheCpu() {
    org.junit.jupiter.api.Assumptions.assumeFalse(NativeTorch.cudaAvailable());
    assertThatThrownBy(
            () ->
                ComputeDevice.resolve(
                    TrainSettings.Device.CUDA, OptionalInt.empty(), "train.device"))
        .isInstanceOfSatisfying(LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(4));
    assertThatThrownBy(
            () ->
                ComputeDevice.resolve(TrainSettings.Device.AUTO, OptionalInt.of(0), "train.device"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("GPU 0");
    assertThat(
            ComputeDevice.resolve(TrainSettings.Device.AUTO, OptionalInt.empty(), "train.device"))
        .isEqualTo(ComputeDevice.cpu());
  }

  @Test
  void crossEntropyWithSmoothing() {
    try (TensorScope scope = new TensorScope()) {
      Tensor logits = Tensors.of(new double[] {2, 0}, 1, 2);
      Tensor labels = Tensors.of(new long[] {0}, 1);
      double hit = Math.log1p(Math.exp(-2));
      assertThat(Tensors.item(Ops.crossEntropy(logits, labels, 0)))
          .isCloseTo(hit, org.assertj.core.api.Assertions.within(1e-12));
      assertThat(Tensors.item(Ops.crossEntropy(logits, labels, 0.2)))
          .isCloseTo(0.9 * hit + 0.1 * (hit + 2), org.assertj.core.api.Assertions.within(1e-12));
    }
  }
}
