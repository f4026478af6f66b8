package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.bytedeco.pytorch.Tensor;

/**
 * Ridge regression where rows are more than features: A = Xᵀ Ω X [d,d] and B = Xᵀ Ω Y [d,C] are
 * summed where the rows are; the driver decomposes A = V S Vᵀ once, for all λ.
 *
 * @param values S [d]
 * @param vectors V [d,d], row-major
 * @param coefficients Q = Vᵀ B [d,C], row-major
 */
record PrimalRidge(double[] values, double[] vectors, double[] coefficients)
    implements Serializable {

  /** The sums A and B. */
  record Gram(double[] products, double[] targets) implements Serializable {}

  private record Pass(FeatureTransform transform, ClassBalance balance) implements BlockSum<Gram> {
    @Override
    public Gram over(Iterator<Block> blocks) {
      int d = transform.dimension();
      int classes = balance.weights().length;
      try (TensorScope scope = new TensorScope()) {
        Tensor products = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), d, d);
        Tensor targets = Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), d, classes);
        while (blocks.hasNext()) {
          Block block = blocks.next();
          if (block.count() == 0) {
            continue;
          }
          try (TensorScope inner = new TensorScope()) {
            Tensor roots = balance.roots(block);
            Tensor x = Ops.mul(transform.apply(block.tensor()), roots);
            Tensor turned = Ops.transpose(x, 0, 1);
            Ops.addProductInPlace(products, turned, x);
            Tensor y = Ops.mul(LinearAlgebra.oneHot(block.labelTensor(), classes), roots);
            Ops.addProductInPlace(targets, turned, y);
          }
        }
        return new Gram(Tensors.doubles(products), Tensors.doubles(targets));
      }
    }

    @Override
    public Gram add(Gram a, Gram b) {
      return new Gram(Rows.add(a.products, b.products), Rows.add(a.targets, b.targets));
    }
  }

  static PrimalRidge of(Rows labelled, FeatureTransform transform, ClassBalance balance) {
    Gram gram = labelled.sum(new Pass(transform, balance));
    Rows.useDriverThreads();
    return of(gram, transform.dimension());
  }

  static PrimalRidge of(Gram gram, int d) {
    try (TensorScope scope = new TensorScope()) {
      LinearAlgebra.Spectrum axes = LinearAlgebra.spectrum(Tensors.of(gram.products, d, d));
      Tensor targets = Tensors.of(gram.targets, d, gram.targets.length / d);
      return new PrimalRidge(
          Tensors.doubles(Ops.clampMin(axes.values(), 0)),
          Tensors.doubles(axes.vectors()),
          Tensors.doubles(Ops.matmul(Ops.transpose(axes.vectors(), 0, 1), targets)));
    }
  }

  /** W [C,d] of a λ, row-major. */
  double[] weight(double lambda) {
    int d = values.length;
    try (TensorScope scope = new TensorScope()) {
      Tensor scaled = Ops.mul(Tensors.of(vectors, d, d), factors(lambda));
      Tensor q = Tensors.of(coefficients, d, coefficients.length / d);
      return Tensors.doubles(Ops.transpose(Ops.matmul(scaled, q), 0, 1));
    }
  }

  private Tensor factors(double lambda) {
    double[] factors = new double[values.length];
    for (int i = 0; i < factors.length; i++) {
      factors[i] = 1 / (values[i] + lambda);
    }
    return Tensors.of(factors, 1, factors.length);
  }

  /** Scores of left-out samples for several λ. */
  static LeftOutScorer scorer(
      JavaSparkContext spark,
      PrimalRidge fitted,
      FeatureTransform transform,
      ClassBalance balance,
      List<Double> lambdas) {
    return new Scorer(spark.broadcast(fitted), transform, balance, new ArrayList<>(lambdas));
  }

  private record Scorer(
      Broadcast<PrimalRidge> fitted,
      FeatureTransform transform,
      ClassBalance balance,
      List<Double> lambdas)
      implements LeftOutScorer {
    @Override
    public List<Tensor> scores(Block block) {
      PrimalRidge ridge = fitted.value();
      int d = transform.dimension();
      Tensor roots = balance.roots(block);
      Tensor x = Ops.mul(transform.apply(block.tensor()), roots);
      Tensor rows = Ops.matmul(x, Tensors.of(ridge.vectors, d, d));
      Tensor q = Tensors.of(ridge.coefficients, d, ridge.coefficients.length / d);
      HatMatrix hat = new HatMatrix(block, rows, q, roots);
      return lambdas.stream().map(lambda -> hat.leftOut(ridge.factors(lambda))).toList();
    }
  }
}
