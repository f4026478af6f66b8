package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The objective of a {@link MultinomialFit} over rows, and how parts of them are told without it.
 */
final class MultinomialProblem {
  /** Nothing is left out. */
  static final int ALL = -1;

  private final LeaveOneOut.Sum sum;
  private final Folds folds;
  private final ClassCounts counts;
  private final double[] weights;
  private final int views;
  private final WeightForm form;

  MultinomialProblem(LeaveOneOut.Sum sum, Folds folds, LabelledRows rows, WeightForm form) {
    this.sum = sum;
    this.folds = folds;
    this.counts = rows.classes();
    this.weights = rows.rowWeights();
    this.views = rows.views();
    this.form = form;
  }

  int folds() {
    return folds.count();
  }

  /** Value and gradient at a point. */
  double[] at(double[] point, double lambda, int without) {
    double[] found =
        sum.of(new Gradient(form.weight(point), folds, without, weights, views, form.d()));
    return form.penalised(found, point, lambda);
  }

  /**
   * What folds say.
   *
   * @param points for each λ and part that without it
   */
  List<Candidate> judged(double[][][] points, double[] lambdas, HeadSettings settings) {
    double[][][] fitted =
        Arrays.stream(points)
            .map(one -> Arrays.stream(one).map(form::weight).toArray(double[][]::new))
            .toArray(double[][][]::new);
    return LeaveOneOut.judge(
        sum, new ByFolds(fitted, folds, weights.length), lambdas, counts.samples(), settings);
  }

  /**
   * The weighted cross entropy of a block, and its gradient.
   *
   * @param w row-major [C, d]
   * @param without the part that is left out
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Gradient(double[] w, Folds folds, int without, double[] weights, int views, int d)
      implements LabelledRows.Term {

    @Override
    public double[] of(Tensor x, int[] labels) {
      int classes = weights.length;
      int[] parts = without == ALL ? null : folds.of(x);
      double[] counts = new double[labels.length * views];
      long[] own = new long[counts.length];
      for (int row = 0; row < counts.length; row++) {
        int sample = row / views;
        own[row] = labels[sample];
        counts[row] = parts != null && parts[sample] == without ? 0 : weights[labels[sample]];
      }
      Tensor rowWeights = Tensors.of(counts, counts.length, 1);
      Tensor logits = Ops.matmul(x, Ops.transpose(Tensors.of(w, classes, d), 0, 1));
      Tensor right = Tensors.of(own, own.length);
      Tensor losses = Ops.sub(LinearAlgebra.logSumExp(logits), LinearAlgebra.at(logits, right));
      Tensor errors = Ops.softmax(logits, 1);
      RowOps.subtractOneAt(errors, right);
      RowOps.mulRowsInPlace(errors, rowWeights);
      double[] gradient = Tensors.doubles(Ops.matmul(Ops.transpose(errors, 0, 1), x));
      double[] found = new double[1 + gradient.length];
      found[0] = Tensors.item(Ops.sum(Ops.mul(losses, rowWeights)));
      System.arraycopy(gradient, 0, found, 1, gradient.length);
      return found;
    }
  }

  /**
   * Scores of each sample by the fit without its part.
   *
   * @param w for each λ and part row-major [C, d]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record ByFolds(double[][][] w, Folds folds, int classes)
      implements LeaveOneOut.Scores, Serializable {

    @Override
    public List<Tensor> of(Tensor x, int[] labels) {
      int[] parts = folds.of(x);
      Tensor first = folds.views() == 1 ? x : LeftOut.first(x, folds.views());
      List<Tensor> scores = new ArrayList<>();
      for (double[][] one : w) {
        Tensor sum = null;
        for (int part = 0; part < one.length; part++) {
          int own = part;
          double[] mask = Arrays.stream(parts).mapToDouble(p -> p == own ? 1 : 0).toArray();
          Tensor rows = Ops.mul(first, Tensors.of(mask, mask.length, 1));
          Tensor turned =
              Ops.transpose(Tensors.of(one[part], classes, one[part].length / classes), 0, 1);
          Tensor some = Ops.matmul(rows, turned);
          sum = sum == null ? some : Ops.add(sum, some);
        }
        scores.add(sum);
      }
      return scores;
    }
  }
}
