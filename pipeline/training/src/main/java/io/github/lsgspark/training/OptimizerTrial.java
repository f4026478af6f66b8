package io.github.lsgspark.training;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.FlatParameters;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Map;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/**
 * The optimiser of trainings over one parameter, with gradients that are given: for checks of what
 * a device computes.
 */
public final class OptimizerTrial implements AutoCloseable {
  private static final String NAME = "weight";

  private final FlatParameters parameters;
  private final SgdNesterov optimizer;

  /**
   * @param weights at the start
   * @param clip largest norm of a gradient; 0: none
   */
  public OptimizerTrial(
      float[] weights, double momentum, double decay, double clip, ComputeDevice device) {
    parameters =
        FlatParameters.allocate(
            Map.of(NAME, new long[] {weights.length}), Set.of(), Dtype.FLOAT32, device);
    parameters.load(Map.of(NAME, HostArray.of(weights, weights.length)));
    optimizer =
        new SgdNesterov(
            new SgdNesterov.Rates(momentum, clip, 1, 1, LayerRates.none()),
            parameters,
            new WeightDecay(parameters, decay));
  }

  /** Takes one step. */
  public void step(float[] gradients, double learningRate) {
    try (TensorScope scope = new TensorScope()) {
      Tensor source = Tensors.of(gradients, gradients.length);
      parameters.gradients().copy_(source);
      optimizer.step(learningRate);
    }
  }

  /** The weights as they are now. */
  public Tensor weights() {
    return parameters.values();
  }

  @Override
  public void close() {
    optimizer.close();
    parameters.close();
  }
}
