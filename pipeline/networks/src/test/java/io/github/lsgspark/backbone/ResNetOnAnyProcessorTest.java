package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Steps of the networks with the convolutions that oneDNN dies of where caches are hidden. */
class ResNetOnAnyProcessorTest {
  private static final int SIDE = 64;
  private static final int IMAGES = 4;
  private static final int STEPS = 3;

  @ParameterizedTest
  @CsvSource({"resnet50, false", "resnet50, true", "squeezenet1_1, false"})
  void aStepLowersTheLoss(String name, boolean bfloat16) {
    NativeTorch.load();
    Backbone backbone = Backbones.of(name, "");
    try (FlatParameters parameters =
            FlatParameters.allocateChannelsLast(
                backbone.parameterShapes(), Set.of(), Dtype.FLOAT32, ComputeDevice.cpu());
        FlatParameters buffers =
            FlatParameters.allocate(
                backbone.bufferShapes(),
                backbone.bufferShapes().keySet(),
                Dtype.FLOAT32,
                ComputeDevice.cpu())) {
      parameters.load(backbone.initialWeights(1));
      buffers.load(backbone.initialWeights(1));
      float[] pixels = new float[IMAGES * 3 * SIDE * SIDE];
      Random random = new Random(3);
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = (float) random.nextGaussian();
      }
      double[] losses = new double[STEPS];
      for (int step = 0; step < STEPS; step++) {
        try (TensorScope scope = new TensorScope()) {
          parameters.zeroGradients();
          Tensor images = NeuralOps.channelsLast(Tensors.of(pixels, IMAGES, 3, SIDE, SIDE));
          Tensor features;
          try (ModeGuard autocast = NeuralOps.autocast(bfloat16, ComputeDevice.cpu())) {
            features =
                backbone.features(
                    weight ->
                        parameters.names().contains(weight)
                            ? parameters.parameter(weight)
                            : buffers.parameter(weight),
                    images,
                    BatchNormalization.batchStatistics());
          }
          // As if there were as many classes as features.
          Tensor loss =
              Ops.crossEntropy(
                  Tensors.to(features, Dtype.FLOAT32),
                  Tensors.of(new long[] {0, 1, 2, 3}, IMAGES),
                  0);
          Autograd.backward(loss);
          Ops.addScaledInPlace(parameters.values(), parameters.gradients(), -1e-3);
          losses[step] = Tensors.item(loss);
        }
      }
      assertThat(Arrays.stream(losses).allMatch(Double::isFinite)).isTrue();
      assertThat(losses[STEPS - 1]).isLessThan(losses[0]);
    }
  }
}
