package io.github.lsgspark.torch;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this machine's processor multiplies bfloat16 faster than float32. Its flags alone do not
 * tell: a virtual machine may hide what libtorch's library needs to use the units, and then
 * computes bfloat16 by emulation. So it is measured, once, where the flags say yes.
 */
public final class Bfloat16Speed {
  private static final Logger LOG = LoggerFactory.getLogger(Bfloat16Speed.class);

  /** Rows, inputs and outputs of a linear layer of a ViT-B on two images. */
  private static final long[] LAYER = {512, 768, 3072};

  private static final int TIMES = 5;

  private Bfloat16Speed() {}

  /** Whether there are matrix units (AMX), and they make it faster. */
  public static boolean ofMatrixUnits() {
    return CpuFeatures.hasBfloat16MatrixUnits() && Measured.FASTER;
  }

  /** Whether there are matrix units or vector units for pairs, and they make it faster. */
  public static boolean ofProducts() {
    return CpuFeatures.hasBfloat16Products() && Measured.FASTER;
  }

  /** Measured when it is first asked for. */
  private static final class Measured {
    private static final boolean FASTER = isFaster();
  }

  private static boolean isFaster() {
    double wide = millis(Dtype.FLOAT32);
    double narrow = millis(Dtype.BFLOAT16);
    boolean faster = narrow < wide;
    if (!faster) {
      LOG.warn(
          "bfloat16 is slower than float32 here ({} against {} ms for a product of {}), though the"
              + " processor has units for it: precision auto is float32",
          narrow,
          wide,
          Arrays.toString(LAYER));
    }
    return faster;
  }

  /** The fastest of some products. */
  static double millis(Dtype dtype) {
    NativeTorch.load();
    long best = Long.MAX_VALUE;
    try (TensorScope scope = new TensorScope();
        ModeGuard none = Autograd.noGrad()) {
      Tensor x = Tensors.zeros(dtype, ComputeDevice.cpu(), LAYER[0], LAYER[1]);
      Tensor weight = Tensors.zeros(dtype, ComputeDevice.cpu(), LAYER[2], LAYER[1]);
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        Tensor product = NeuralOps.linear(x, weight);
        best = Math.min(best, System.nanoTime() - start);
        product.close();
      }
    }
    return best / 1e6;
  }
}
