package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Batch spectral shrinkage (Chen et al., "Catastrophic Forgetting Meets Negative Transfer: Batch
 * Spectral Shrinkage for Safe Transfer Learning", NeurIPS 2019): the sum of the squares of the k
 * smallest singular values of the feature matrix F [b,d].
 *
 * <p>With the eigenvectors U [b,k] of the k smallest eigenvalues of F Fᵀ (of Fᵀ F if d is the
 * smaller side) the sum is ‖Uᵀ F‖². Its gradient is 2 U Uᵀ F, the one with U held constant: by
 * first-order perturbation theory a change of U adds nothing as long as the k-th value is not equal
 * to the next. So nothing is differentiated through the decomposition, which would divide by the
 * gaps between eigenvalues. Computed in double, as the smallest values lose half of their digits in
 * the product F Fᵀ; the decomposition of this small matrix runs on the CPU.
 */
final class BatchSpectralShrinkage implements LossTerm<LabelledBatch> {
  private final TransferSettings.BssSettings settings;

  BatchSpectralShrinkage(TransferSettings.BssSettings settings) {
    this.settings = settings;
  }

  @Override
  public String name() {
    return "bss";
  }

  @Override
  public String title() {
    return "spectral shrinkage (bss)";
  }

  /** The same in all steps: eta. */
  @Override
  public double weight(int step) {
    return settings.eta();
  }

  @Override
  public boolean showsWeighted() {
    return true;
  }

  /** Of the replica's part of the batch, by its share, as data-parallel training has it. */
  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    return Optional.of(
        LossValue.ofShare(
            loss(batch.features(), settings.k()), (double) batch.rows() / batch.globalRows()));
  }

  /**
   * The sum in double, differentiable; NaN if a feature is not a finite number, so that the loss of
   * the step says so.
   *
   * @param features [b,d]
   * @param k at most min(b,d)
   * @throws LsgException exit 2 if there are fewer singular values than {@code k}
   */
  static Tensor loss(Tensor features, int k) {
    long rows = features.size(0);
    long columns = features.size(1);
    if (k > Math.min(rows, columns)) {
      throw LsgException.usage(
          String.format(
              "train.transfer.bss.k = %d, but %d rows of %d features, a replica's part of the"
                  + " batch, have only %d singular values",
              k, rows, columns, Math.min(rows, columns)));
    }
    // The smaller side comes first.
    Tensor wide = Tensors.to(features, Dtype.FLOAT64);
    Tensor matrix = rows <= columns ? wide : Ops.transpose(wide, 0, 1);
    Tensor constant = matrix.detach();
    Tensor gram = Ops.matmul(constant, Ops.transpose(constant, 0, 1));
    if (!Double.isFinite(Ops.norm(gram))) {
      return Tensors.of(new double[] {Double.NaN});
    }
    Tensor vectors = Ops.eigenvectors(Tensors.to(gram, Dtype.FLOAT64, ComputeDevice.cpu()));
    Tensor smallest = Tensors.onto(Ops.narrow(vectors, 1, 0, k), Tensors.device(features));
    Tensor parts = Ops.matmul(Ops.transpose(smallest, 0, 1), matrix);
    return Ops.sum(Ops.mul(parts, parts));
  }
}
