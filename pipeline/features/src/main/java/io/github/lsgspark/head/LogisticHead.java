package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Multinomial regression without a constant: the smallest Σ w_i (−log softmax(W x_i)_{y_i}) + λ/2
 * ‖W‖², by L-BFGS from a ridge at its temperature. Gradients are sums over blocks, on executors
 * where rows are many. λ is judged by folds, as leaving out each sample would take a fit for each.
 */
public final class LogisticHead implements HeadKind {
  /** Part of the mean square that keeps products of copies definite. */
  private static final double JITTER = 1e-10;

  @Override
  public String label() {
    return "logistic";
  }

  @Override
  public String help() {
    return "multinomial regression";
  }

  @Override
  public String judgement(HeadSettings settings) {
    return settings.logistic().folds() + " folds";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    Fitted ridge = new RidgeHead().fit(rows, settings);
    double[] start = ridge.head().dividedBy(ridge.best().temperature()).weight();
    int folds = settings.logistic().folds();
    try (TensorScope scope = new TensorScope()) {
      if (rows.dual() == null) {
        Problem problem =
            new Problem(
                rows::sum, new Folds(folds, rows.views(), new int[0]), rows, rows.dimension());
        Solved solved = solved(problem, start, rows, settings);
        return new Fitted(
            solved.candidates, solved.best, LinearHead.of(solved.weight, rows.classes().size()));
      }
      return dual(rows, start, settings);
    }
  }

  /** With few rows the weights lie in their span: rows of L, with L L' = X X', stand for them. */
  private static Fitted dual(LabelledRows rows, double[] start, HeadSettings settings) {
    Tensor x = rows.dual();
    int[] labels = rows.dualLabels();
    int classes = rows.classes().size();
    int n = (int) x.size(0);
    Tensor gram = Ops.matmul(x, Ops.transpose(x, 0, 1));
    LinearAlgebra.addToDiagonal(gram, JITTER);
    Tensor lower = LinearAlgebra.cholesky(gram);
    Folds open = new Folds(settings.logistic().folds(), rows.views(), new int[0]);
    Folds folds = new Folds(open.count(), open.views(), open.of(x));
    Problem problem =
        new Problem(
            term -> {
              try (TensorScope scope = new TensorScope()) {
                return term.of(lower, labels);
              }
            },
            folds,
            rows,
            n);
    Tensor scores = Ops.matmul(x, Ops.transpose(Tensors.of(start, classes, x.size(1)), 0, 1));
    double[] own = Tensors.doubles(Ops.transpose(LinearAlgebra.solveLower(lower, scores), 0, 1));
    Solved solved = solved(problem, own, rows, settings);
    Tensor weight =
        Ops.matmul(Tensors.of(solved.weight, classes, n), LinearAlgebra.solveLower(lower, x));
    return new Fitted(
        solved.candidates, solved.best, LinearHead.of(Tensors.doubles(weight), classes));
  }

  /** What was found in the coordinates of a problem. */
  private record Solved(List<Candidate> candidates, Candidate best, double[] weight) {}

  private static Solved solved(
      Problem problem, double[] start, LabelledRows rows, HeadSettings settings) {
    double[] lambdas =
        settings.fixedLambda().isPresent()
            ? new double[] {settings.fixedLambda().getAsDouble()}
            : settings.logistic().lambdas().stream().mapToDouble(Double::doubleValue).toArray();
    double longest =
        settings.logistic().tolerance()
            * norm(problem.at(new double[start.length], 0, Problem.ALL));
    int iterations = settings.logistic().iterations();
    double[][] all = new double[lambdas.length][];
    double[][][] parts = new double[lambdas.length][problem.folds.count()][];
    double[] from = start;
    // The strongest first: it is the nearest to what its neighbour comes to.
    for (int l : strongestFirst(lambdas)) {
      double lambda = lambdas[l];
      all[l] =
          LimitedMemoryBfgs.minimise(
              w -> problem.at(w, lambda, Problem.ALL), from, longest, iterations);
      from = all[l];
      for (int fold = 0; fold < parts[l].length; fold++) {
        int out = fold;
        parts[l][fold] =
            LimitedMemoryBfgs.minimise(
                w -> problem.at(w, lambda, out), all[l], longest, iterations);
      }
    }
    List<Candidate> candidates =
        LeaveOneOut.judge(
            problem.sum,
            new ByFolds(parts, problem.folds, problem.classes),
            lambdas,
            rows.classes().samples(),
            settings);
    Candidate best = RidgeHead.best(candidates, settings);
    return new Solved(candidates, best, all[candidates.indexOf(best)]);
  }

  private static int[] strongestFirst(double[] lambdas) {
    Integer[] order = new Integer[lambdas.length];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, Comparator.comparingDouble(i -> -lambdas[i]));
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /** Of a gradient behind its value. */
  private static double norm(double[] found) {
    return Math.sqrt(Arrays.stream(found).skip(1).map(value -> value * value).sum());
  }

  /** The objective over rows of d numbers. */
  private static final class Problem {
    /** Nothing is left out. */
    static final int ALL = -1;

    private final LeaveOneOut.Sum sum;
    private final Folds folds;
    private final double[] weights;
    private final int classes;
    private final int views;
    private final int d;

    Problem(LeaveOneOut.Sum sum, Folds folds, LabelledRows rows, int d) {
      this.sum = sum;
      this.folds = folds;
      this.weights = rows.rowWeights();
      this.classes = weights.length;
      this.views = rows.views();
      this.d = d;
    }

    /** Value and gradient at W, row-major [C, d]. */
    double[] at(double[] w, double lambda, int without) {
      double[] found = sum.of(new Gradient(w, folds, without, weights, views, d));
      double squares = 0;
      for (int i = 0; i < w.length; i++) {
        found[1 + i] += lambda * w[i];
        squares += w[i] * w[i];
      }
      found[0] += lambda / 2 * squares;
      return found;
    }
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
      int[] parts = without == Problem.ALL ? null : folds.of(x);
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
      Ops.subtractOneAt(errors, right);
      Ops.mulRowsInPlace(errors, rowWeights);
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
