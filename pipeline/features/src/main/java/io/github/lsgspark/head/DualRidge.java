package io.github.lsgspark.head;

import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Ridge regression where rows are as few as features or fewer, on the driver: K = Ω^½ X Xᵀ Ω^½
 * [n,n] is decomposed once, for all λ.
 */
record DualRidge(FeatureTransform transform, ClassBalance balance, List<Double> lambdas)
    implements LeftOutScorer {

  /** Scores of all rows: the block must hold every labelled one. */
  @Override
  public List<Tensor> scores(Block block) {
    Tensor roots = balance.roots(block);
    Tensor x = Ops.mul(transform.apply(block.tensor()), roots);
    LinearAlgebra.Spectrum axes = LinearAlgebra.spectrum(Ops.matmul(x, Ops.transpose(x, 0, 1)));
    Tensor y = targets(block, roots);
    Tensor q = Ops.matmul(Ops.transpose(axes.vectors(), 0, 1), y);
    HatMatrix hat = new HatMatrix(block, axes.vectors(), q, roots);
    double[] values = Tensors.doubles(Ops.clampMin(axes.values(), 0));
    return lambdas.stream()
        .map(
            lambda -> {
              double[] factors = new double[values.length];
              for (int i = 0; i < factors.length; i++) {
                factors[i] = values[i] / (values[i] + lambda);
              }
              return hat.leftOut(Tensors.of(factors, 1, factors.length));
            })
        .toList();
  }

  private Tensor targets(Block block, Tensor roots) {
    return Ops.mul(LinearAlgebra.oneHot(block.labelTensor(), balance.weights().length), roots);
  }

  /** W [C,d] of a λ, row-major. */
  double[] weight(Block block, double lambda) {
    try (TensorScope scope = new TensorScope()) {
      Tensor roots = balance.roots(block);
      Tensor x = Ops.mul(transform.apply(block.tensor()), roots);
      Tensor turned = Ops.transpose(x, 0, 1);
      Tensor kernel = Ops.matmul(x, turned);
      LinearAlgebra.addToDiagonal(kernel, lambda);
      Tensor alpha =
          LinearAlgebra.choleskySolve(LinearAlgebra.cholesky(kernel), targets(block, roots));
      return Tensors.doubles(Ops.matmul(Ops.transpose(alpha, 0, 1), x));
    }
  }
}
