package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Least squares on one-hot targets without a constant, W = (X'X + λI)⁻¹ X'Y, by one decomposition
 * for all λ: of X X' where there are fewer rows than features, else of X'X, which executors sum.
 * Leave-one-out is exact by the hat matrix (Allen 1974): what is left out is a sample with all its
 * views; the weights of the classes stay.
 */
public final class RidgeHead implements HeadKind {

  @Override
  public String label() {
    return "ridge";
  }

  @Override
  public String help() {
    return "least squares on one-hot targets";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    try (TensorScope scope = new TensorScope()) {
      return rows.dual() != null ? dual(rows, settings) : primal(rows, settings);
    }
  }

  /**
   * The fit in coordinates in which X'X is diagonal.
   *
   * @param s the diagonal [r]
   * @param b row-major [r, C]: what X'Y is there
   * @param weights of one row of each class [C]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Diagonal(double[] s, double[] b, double[] weights, int views)
      implements Serializable {

    private int classes() {
      return weights.length;
    }

    Tensor product() {
      return Tensors.of(b, s.length, classes());
    }

    /** 1 / (s + λ) as a row. */
    Tensor inverse(double lambda) {
      return Ops.pow(Ops.add(Tensors.of(s, 1, s.length), lambda), -1);
    }

    /**
     * What samples score that were left out, in the first of their views.
     *
     * @param z the rows in these coordinates, times the roots of their weights [m · views, r]
     * @return [m, C]
     */
    Tensor without(Tensor z, int[] labels, double lambda) {
      Tensor roots = roots(labels, weights, views);
      Tensor targets = Ops.mul(targets(labels, classes(), views), roots);
      Tensor half = Ops.mul(z, inverse(lambda));
      Tensor residuals = Ops.sub(targets, Ops.matmul(half, product()));
      int m = labels.length;
      Tensor first;
      if (views == 1) {
        Tensor hat = Ops.sum(Ops.mul(half, z), 1, true);
        first = Ops.sub(targets, Ops.div(residuals, Ops.sub(ones(m), hat)));
      } else {
        Tensor blocks = LinearAlgebra.shaped(z, m, views, s.length);
        Tensor halves = LinearAlgebra.shaped(half, m, views, s.length);
        Tensor hat = Ops.batchedMatmul(halves, Ops.transpose(blocks, 1, 2));
        Tensor open = LinearAlgebra.identityMinus(hat);
        Tensor errors =
            LinearAlgebra.solve(open, LinearAlgebra.shaped(residuals, m, views, classes()));
        Tensor all = Ops.sub(LinearAlgebra.shaped(targets, m, views, classes()), errors);
        first = LinearAlgebra.shaped(Ops.narrow(all, 1, 0, 1), m, classes());
        roots =
            LinearAlgebra.shaped(
                Ops.narrow(LinearAlgebra.shaped(roots, m, views, 1), 1, 0, 1), m, 1);
      }
      return Ops.div(first, roots);
    }
  }

  private static Tensor ones(int count) {
    return Ops.add(Tensors.of(new double[count], count, 1), 1);
  }

  /** Roots of the weights of rows [m · views, 1]. */
  static Tensor roots(int[] labels, double[] weights, int views) {
    double[] roots = new double[labels.length * views];
    for (int i = 0; i < roots.length; i++) {
      roots[i] = Math.sqrt(weights[labels[i / views]]);
    }
    return Tensors.of(roots, roots.length, 1);
  }

  /** One-hot rows [m · views, C]. */
  static Tensor targets(int[] labels, int classes, int views) {
    double[] targets = new double[labels.length * views * classes];
    for (int row = 0; row < labels.length * views; row++) {
      targets[row * classes + labels[row / views]] = 1;
    }
    return Tensors.of(targets, labels.length * views, classes);
  }

  /** A row of a sample counts a part of it. */
  private static double[] rowWeights(LabelledRows rows) {
    double[] weights = rows.classes().weights().clone();
    for (int c = 0; c < weights.length; c++) {
      weights[c] /= rows.views();
    }
    return weights;
  }

  private static Fitted dual(LabelledRows rows, HeadSettings settings) {
    double[] weights = rowWeights(rows);
    int[] labels = rows.dualLabels();
    int views = rows.views();
    Tensor roots = roots(labels, weights, views);
    Tensor x = Ops.mul(rows.dual(), roots);
    Tensor y = Ops.mul(targets(labels, weights.length, views), roots);
    Spectrum spectrum = LinearAlgebra.spectrum(Ops.matmul(x, Ops.transpose(x, 0, 1)));
    Tensor s = Ops.clampMin(spectrum.values(), 0);
    Tensor sizes = Ops.pow(LinearAlgebra.shaped(s, 1, s.size(0)), 0.5);
    Tensor z = Ops.mul(spectrum.vectors(), sizes);
    Tensor projected = Ops.matmul(Ops.transpose(spectrum.vectors(), 0, 1), y);
    Tensor b = Ops.mul(projected, Ops.transpose(sizes, 0, 1));
    Diagonal diagonal = new Diagonal(Tensors.doubles(s), Tensors.doubles(b), weights, views);
    List<Candidate> candidates =
        LeaveOneOut.judge(
            term -> {
              try (TensorScope scope = new TensorScope()) {
                return term.of(z, labels);
              }
            },
            (block, own) -> all(diagonal, block, own, lambdas(settings)),
            lambdas(settings),
            rows.classes().samples(),
            settings);
    Candidate best = best(candidates, settings);
    Tensor inverse = Ops.transpose(diagonal.inverse(best.parameter()), 0, 1);
    Tensor solved = Ops.matmul(spectrum.vectors(), Ops.mul(projected, inverse));
    return fitted(candidates, best, Ops.matmul(Ops.transpose(solved, 0, 1), x));
  }

  private static Fitted primal(LabelledRows rows, HeadSettings settings) {
    double[] weights = rowWeights(rows);
    int d = rows.dimension();
    int classes = weights.length;
    int views = rows.views();
    double[] sums =
        rows.sum(
            (x, labels) -> {
              Tensor roots = roots(labels, weights, views);
              Tensor own = Ops.mul(x, roots);
              Tensor y = Ops.mul(targets(labels, classes, views), roots);
              return Tensors.doubles(Ops.matmul(Ops.transpose(own, 0, 1), Ops.cat(1, own, y)));
            });
    Tensor both = Tensors.of(sums, d, d + classes);
    Spectrum spectrum = LinearAlgebra.spectrum(Ops.narrow(both, 1, 0, d));
    Tensor b = Ops.matmul(Ops.transpose(spectrum.vectors(), 0, 1), Ops.narrow(both, 1, d, classes));
    Diagonal diagonal =
        new Diagonal(
            Tensors.doubles(Ops.clampMin(spectrum.values(), 0)),
            Tensors.doubles(b),
            weights,
            views);
    double[] vectors = Tensors.doubles(spectrum.vectors());
    double[] lambdas = lambdas(settings);
    List<Candidate> candidates =
        LeaveOneOut.judge(
            rows::sum,
            (x, labels) -> {
              Tensor own = Ops.mul(x, roots(labels, weights, views));
              return all(diagonal, Ops.matmul(own, Tensors.of(vectors, d, d)), labels, lambdas);
            },
            lambdas,
            rows.classes().samples(),
            settings);
    Candidate best = best(candidates, settings);
    Tensor inverse = Ops.transpose(diagonal.inverse(best.parameter()), 0, 1);
    Tensor w = Ops.matmul(spectrum.vectors(), Ops.mul(b, inverse));
    return fitted(candidates, best, Ops.transpose(w, 0, 1));
  }

  private static List<Tensor> all(Diagonal diagonal, Tensor z, int[] labels, double[] lambdas) {
    List<Tensor> scores = new ArrayList<>();
    for (double lambda : lambdas) {
      scores.add(diagonal.without(z, labels, lambda));
    }
    return scores;
  }

  private static double[] lambdas(HeadSettings settings) {
    return settings.fixedLambda().isPresent()
        ? new double[] {settings.fixedLambda().getAsDouble()}
        : settings.lambdas().stream().mapToDouble(Double::doubleValue).toArray();
  }

  static Candidate best(List<Candidate> candidates, HeadSettings settings) {
    Comparator<Candidate> order = Candidate.by(settings.chooseBy());
    return candidates.stream().min(order).orElseThrow();
  }

  /**
   * @param weight [C, d]
   */
  private static Fitted fitted(List<Candidate> candidates, Candidate best, Tensor weight) {
    return new Fitted(
        candidates, best, LinearHead.of(Tensors.doubles(weight), (int) weight.size(0)));
  }
}
