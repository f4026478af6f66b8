package io.github.lsgspark.head;

import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Iterator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The nearest class mean by cosine: scores are those of x with class means of unit length. A mean
 * without a sample is that of its class's other samples; a class of no other scores 0.
 */
public final class NearestMeanHead implements HeadKind {
  private static final double TINY = 1e-12;

  /** A class of one sample keeps rounding errors when that is left out. */
  private static final double NOTHING = 1e-9;

  @Override
  public String label() {
    return "nearest-mean";
  }

  @Override
  public String help() {
    return "the nearest class mean by cosine";
  }

  @Override
  public HeadFit fit(HeadProblem problem) {
    int classes = problem.classes().size();
    return new HeadSearch(label(), problem.settings(), List.of(0.0), RidgeHead.TEMPERATURES)
        .fit(
            problem,
            transform -> {
              double[] sums = problem.labelled().sum(new Pass(transform, classes));
              return new HeadSearch.Fitted() {
                @Override
                public LeftOutScorer scorer(List<Double> parameters) {
                  return new Scorer(transform, sums, classes);
                }

                @Override
                public HeadSearch.Solution solve(double parameter) {
                  try (TensorScope scope = new TensorScope()) {
                    Tensor means =
                        Ops.normalizeRows(Tensors.of(sums, classes, transform.dimension()), TINY);
                    return new HeadSearch.Solution(Tensors.doubles(means), new double[classes]);
                  }
                }
              };
            });
  }

  /** Sums of the rows of each class [C,d]. */
  private record Pass(FeatureTransform transform, int classes) implements BlockSum<double[]> {
    @Override
    public double[] over(Iterator<Block> blocks) {
      try (TensorScope scope = new TensorScope()) {
        Tensor sums =
            Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), classes, transform.dimension());
        while (blocks.hasNext()) {
          Block block = blocks.next();
          if (block.count() == 0) {
            continue;
          }
          try (TensorScope inner = new TensorScope()) {
            Tensor members =
                Ops.transpose(LinearAlgebra.oneHot(block.labelTensor(), classes), 0, 1);
            Ops.addProductInPlace(sums, members, transform.apply(block.tensor()));
          }
        }
        return Tensors.doubles(sums);
      }
    }

    @Override
    public double[] add(double[] a, double[] b) {
      return Rows.add(a, b);
    }
  }

  private record Scorer(FeatureTransform transform, double[] sums, int classes)
      implements LeftOutScorer {
    @Override
    public List<Tensor> scores(Block block) {
      int[] first = block.firstRows();
      long[] sampleOf = new long[block.count()];
      long[] firsts = new long[first.length];
      long[] labels = new long[first.length];
      for (int i = 0; i < first.length; i++) {
        int end = i + 1 < first.length ? first[i + 1] : block.count();
        firsts[i] = first[i];
        labels[i] = block.labels()[first[i]];
        java.util.Arrays.fill(sampleOf, first[i], end, i);
      }
      Tensor rows = transform.apply(block.tensor());
      Tensor x = Ops.indexSelect(rows, 0, Tensors.of(firsts, firsts.length));
      Tensor none =
          Tensors.zeros(Dtype.FLOAT64, ComputeDevice.cpu(), first.length, transform.dimension());
      Tensor views = Ops.indexAdd(none, 0, Tensors.of(sampleOf, sampleOf.length), rows);
      Tensor means = Tensors.of(sums, classes, transform.dimension());
      Tensor scores = Ops.matmul(x, Ops.transpose(Ops.normalizeRows(means, TINY), 0, 1));
      Tensor label = Tensors.of(labels, labels.length);
      Tensor others = Ops.sub(Ops.indexSelect(means, 0, label), views);
      Tensor length = Ops.rowNorms(others);
      Tensor own = Ops.div(Ops.rowDots(x, others), Ops.clampMin(length, NOTHING));
      LinearAlgebra.setAt(scores, label, own);
      return List.of(scores);
    }
  }
}
