package io.github.lsgspark.jobs.gpucheck;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.NeuralOps;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import org.bytedeco.pytorch.Tensor;

/**
 * One product of matrices and one convolution on a device in float32, against the processor's in
 * double precision: the least that shows that a device computes, by cuBLAS and by cuDNN.
 */
final class ProductCheck {
  private static final int WIDTH = 256;
  private static final int CHANNELS = 32;
  private static final int PIXELS = 16;

  /** Sums of 256 and of 288 terms, each rounded by 6e-8. */
  private static final double BOUND = 1e-5;

  private final Trial trial;

  ProductCheck(Trial trial) {
    this.trial = trial;
  }

  void run(CheckRows rows) {
    NativeTorch.allowTf32(false);
    rows.add(
        row("product of matrices", Ops::matmul, drawn(1, WIDTH, WIDTH), drawn(2, WIDTH, WIDTH)));
    rows.add(
        row(
            "convolution",
            (images, filters) -> NeuralOps.conv2d(images, filters, 1, 1),
            drawn(3, 2, CHANNELS, PIXELS, PIXELS),
            drawn(4, CHANNELS, CHANNELS, 3, 3)));
  }

  private interface Product {
    Tensor of(Tensor first, Tensor second);
  }

  private CheckRow row(String what, Product product, Tensor first, Tensor second) {
    Tensor wanted = product.of(wide(first), wide(second));
    Tensor got =
        product.of(Tensors.onto(first, trial.device()), Tensors.onto(second, trial.device()));
    return CheckRow.atMost(
        what + " on " + trial.device(),
        Distance.relative(Tensors.doubles(wanted), trial.result(got)),
        BOUND,
        "");
  }

  private static Tensor drawn(long seed, long... shape) {
    return Tensors.of(Draw.centred(seed, Draw.elements(shape), 1), shape);
  }

  private static Tensor wide(Tensor tensor) {
    return Tensors.to(tensor, Dtype.FLOAT64, ComputeDevice.cpu());
  }
}
