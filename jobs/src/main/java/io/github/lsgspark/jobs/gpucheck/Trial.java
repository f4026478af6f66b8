package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Tensors;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/**
 * What computations are tried on.
 *
 * @param full whether larger and more networks are computed
 * @param seen what arrives of the device's results; tests damage it
 */
record Trial(ComputeDevice device, boolean full, UnaryOperator<double[]> seen) {

  static Trial of(ComputeDevice device, boolean full) {
    return new Trial(device, full, UnaryOperator.identity());
  }

  /** A result of the device. */
  double[] result(Tensor tensor) {
    return seen.apply(Tensors.doubles(tensor));
  }
}
