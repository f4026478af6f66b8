package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.head.HeadKind.Fitted;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * The smallest Σ w_i (−log softmax(M x_i)_{y_i}) + λ/2 ‖W‖², by L-BFGS, where M is W, or W +
 * diag(α) T with texts T. Gradients are sums over blocks, on executors where rows are many; few
 * rows are taken in as many coordinates as there are of them. λ is judged by folds.
 */
final class MultinomialFit {
  /** Part of the mean square that keeps products of copies definite. */
  private static final double JITTER = 1e-10;

  private final LabelledRows rows;
  private final HeadSettings settings;
  private final int classes;

  MultinomialFit(LabelledRows rows, HeadSettings settings) {
    this.rows = rows;
    this.settings = settings;
    this.classes = rows.classes().size();
  }

  /**
   * Without texts.
   *
   * @param start W, row-major [C, d]
   */
  Fitted of(double[] start) {
    return fitted(new WeightForm(classes, rows.dimension(), null), start);
  }

  /**
   * Around texts, from them alone.
   *
   * @param texts T, row-major [C, d]
   * @param factors α [C]
   */
  Fitted of(double[] texts, double[] factors) {
    WeightForm form = new WeightForm(classes, rows.dimension(), texts);
    double[] start = new double[form.numbers()];
    System.arraycopy(factors, 0, start, start.length - classes, classes);
    return fitted(form, start);
  }

  private Fitted fitted(WeightForm form, double[] start) {
    int parts = settings.logistic().folds();
    try (TensorScope scope = new TensorScope()) {
      if (rows.dual() != null) {
        return dual(form, start);
      }
      Folds folds = new Folds(parts, rows.views(), new int[0]);
      Solved solved = solved(new MultinomialProblem(rows::sum, folds, rows, form), start);
      return solved.fitted(form.withoutSamples(solved.point, rows.classes()), classes);
    }
  }

  /** With few rows the weights lie in their span: rows of L, with L L' = X X', stand for them. */
  private Fitted dual(WeightForm form, double[] start) {
    Tensor x = rows.dual();
    int[] labels = rows.dualLabels();
    int n = (int) x.size(0);
    Tensor gram = Ops.matmul(x, Ops.transpose(x, 0, 1));
    LinearAlgebra.addToDiagonal(gram, JITTER);
    Tensor lower = LinearAlgebra.cholesky(gram);
    Folds open = new Folds(settings.logistic().folds(), rows.views(), new int[0]);
    Folds folds = new Folds(open.count(), open.views(), open.of(x));
    WeightForm own = form.in(weight -> coordinates(lower, x, weight), n);
    MultinomialProblem problem =
        new MultinomialProblem(
            term -> {
              try (TensorScope scope = new TensorScope()) {
                return term.of(lower, labels);
              }
            },
            folds,
            rows,
            own);
    Solved solved = solved(problem, form.moved(start, w -> coordinates(lower, x, w), n));
    Tensor back = LinearAlgebra.solveLower(lower, x);
    double[] whole =
        own.moved(
            solved.point,
            w -> Tensors.doubles(Ops.matmul(Tensors.of(w, classes, n), back)),
            rows.dimension());
    return solved.fitted(form.withoutSamples(whole, rows.classes()), classes);
  }

  /** Weights by what they give the rows [C, n]. */
  private double[] coordinates(Tensor lower, Tensor x, double[] weight) {
    Tensor scores = Ops.matmul(x, Ops.transpose(Tensors.of(weight, classes, x.size(1)), 0, 1));
    return Tensors.doubles(Ops.transpose(LinearAlgebra.solveLower(lower, scores), 0, 1));
  }

  /** What was found in the coordinates of a problem. */
  private record Solved(List<Candidate> candidates, Candidate best, double[] point) {
    Fitted fitted(double[] weight, int classes) {
      return new Fitted(candidates, best, LinearHead.of(weight, classes));
    }
  }

  private Solved solved(MultinomialProblem problem, double[] start) {
    double[] lambdas =
        settings.fixedLambda().isPresent()
            ? new double[] {settings.fixedLambda().getAsDouble()}
            : settings.logistic().lambdas().stream().mapToDouble(Double::doubleValue).toArray();
    double longest =
        settings.logistic().tolerance()
            * norm(problem.at(new double[start.length], 0, MultinomialProblem.ALL));
    int iterations = settings.logistic().iterations();
    double[][] all = new double[lambdas.length][];
    double[][][] parts = new double[lambdas.length][problem.folds()][];
    double[] from = start;
    // The strongest first: it is the nearest to what its neighbour comes to.
    for (int l : strongestFirst(lambdas)) {
      double lambda = lambdas[l];
      all[l] =
          LimitedMemoryBfgs.minimise(
              w -> problem.at(w, lambda, MultinomialProblem.ALL), from, longest, iterations);
      from = all[l];
      for (int fold = 0; fold < parts[l].length; fold++) {
        int out = fold;
        parts[l][fold] =
            LimitedMemoryBfgs.minimise(
                w -> problem.at(w, lambda, out), all[l], longest, iterations);
      }
    }
    List<Candidate> candidates = problem.judged(parts, lambdas, settings);
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
}
