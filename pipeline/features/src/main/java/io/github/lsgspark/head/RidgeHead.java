package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.head.SpectralRidge.Choice;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Least squares on one-hot targets without a constant, W = (X'X + λI)⁻¹ X'Y. Rows in memory that
 * are no more than four times their numbers are decomposed for each λ; others once for all, X X'
 * where there are fewer rows than features, else X'X, which executors sum. Leave-one-out is exact
 * by the hat matrix (Allen 1974): what is left out is a sample with all its views; the weights of
 * the classes stay. With {@code head.text-prior} classes of similar texts share what is learnt
 * ({@link ClassKernel}).
 */
public final class RidgeHead implements HeadKind {
  private static final Logger LOG = LoggerFactory.getLogger(RidgeHead.class);

  /** Tried where {@code head.text-prior} is left open. */
  private static final double[] PRIORS = {0, 0.3, 1, 3};

  /** Rows for each feature up to which a decomposition for each λ takes less than one for all. */
  private static final int LARGEST_RATIO = 4;

  private static final int MOST_DECOMPOSITIONS = 8;

  /**
   * With two samples of each class, to leave one out halves its class and no other, which a smaller
   * λ makes up for: leave-one-out then chooses too small a one.
   */
  private static final double TOO_FEW = 2;

  /** λ then, or the nearest of those that the settings try. */
  private static final double OF_FEW = 0.3;

  /** Eigenvalues below are rounding, and have no direction among the features. */
  private static final double LEAST = 1e-12;

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
    List<Choice> choices = choices(rows, settings);
    try (TensorScope scope = new TensorScope()) {
      Tensor held = rows.held();
      if (!settings.hasTextPrior()
          && held != null
          && held.size(0) <= LARGEST_RATIO * held.size(1)
          && choices.size() <= MOST_DECOMPOSITIONS) {
        return decomposedForEach(rows, settings);
      }
      ClassKernel kernel = kernel(rows, settings);
      return rows.dual() != null
          ? dual(rows, settings, kernel, choices)
          : primal(rows, settings, kernel, choices);
    }
  }

  private static ClassKernel kernel(LabelledRows rows, HeadSettings settings) {
    if (!settings.hasTextPrior()) {
      return ClassKernel.none(rows.classes().size());
    }
    return ClassKernel.of(
        rows.texts()
            .orElseThrow(
                () -> LsgException.usage("head.text-prior needs the texts of the classes")),
        settings.textKernel());
  }

  private static List<Choice> choices(LabelledRows rows, HeadSettings settings) {
    double[] priors =
        settings.fixedTextPrior().isPresent()
            ? new double[] {settings.fixedTextPrior().getAsDouble()}
            : PRIORS;
    List<Choice> choices = new ArrayList<>();
    for (double prior : priors) {
      for (double lambda : lambdas(rows, settings)) {
        choices.add(new Choice(lambda, prior));
      }
    }
    return choices;
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

  private static Fitted decomposedForEach(LabelledRows rows, HeadSettings settings) {
    CholeskyRidge ridge = new CholeskyRidge(rows);
    double[] lambdas = lambdas(rows, settings);
    List<Candidate> candidates =
        LeaveOneOut.judgeHeld(ridge.without(lambdas), ridge.labels(), lambdas, settings);
    Candidate best = best(candidates, settings);
    return new Fitted(candidates, best, ridge.head(best.parameter()));
  }

  private static Fitted dual(
      LabelledRows rows, HeadSettings settings, ClassKernel kernel, List<Choice> choices) {
    double[] weights = rows.rowWeights();
    int[] labels = rows.dualLabels();
    int views = rows.views();
    Tensor roots = roots(labels, weights, views);
    Tensor x = Ops.mul(rows.dual(), roots);
    Tensor y = Ops.mul(targets(labels, weights.length, views), roots);
    Spectrum spectrum = LinearAlgebra.spectrum(Ops.matmul(x, Ops.transpose(x, 0, 1)));
    Tensor s = Ops.clampMin(spectrum.values(), 0);
    Tensor vectors = spectrum.vectors();
    Tensor z = Ops.mul(vectors, Ops.pow(LinearAlgebra.shaped(s, 1, s.size(0)), 0.5));
    SpectralRidge ridge = SpectralRidge.ofDual(s, vectors, y, weights, views, kernel);
    List<Candidate> candidates =
        judged(
            term -> {
              try (TensorScope scope = new TensorScope()) {
                return term.of(z, labels);
              }
            },
            (block, own) -> ridge.without(block, own, choices),
            choices,
            rows,
            settings);
    Candidate best = best(candidates, settings);
    // X' along an eigenvector of X X' is as long as the root of its eigenvalue.
    Tensor inverse = LinearAlgebra.shaped(Ops.pow(Ops.clampMin(s, LEAST), -0.5), s.size(0), 1);
    Tensor own = Ops.mul(ridge.coefficients(choice(best)), inverse);
    return fitted(candidates, best, Ops.matmul(Ops.transpose(Ops.matmul(vectors, own), 0, 1), x));
  }

  private static Fitted primal(
      LabelledRows rows, HeadSettings settings, ClassKernel kernel, List<Choice> choices) {
    double[] weights = rows.rowWeights();
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
    SpectralRidge ridge =
        SpectralRidge.ofPrimal(spectrum, Ops.narrow(both, 1, d, classes), weights, views, kernel);
    double[] vectors = Tensors.doubles(spectrum.vectors());
    List<Candidate> candidates =
        judged(
            rows::sum,
            (x, labels) -> {
              Tensor own = Ops.mul(x, roots(labels, weights, views));
              return ridge.without(Ops.matmul(own, Tensors.of(vectors, d, d)), labels, choices);
            },
            choices,
            rows,
            settings);
    Candidate best = best(candidates, settings);
    Tensor w = Ops.matmul(spectrum.vectors(), ridge.coefficients(choice(best)));
    return fitted(candidates, best, Ops.transpose(w, 0, 1));
  }

  private static List<Candidate> judged(
      LeaveOneOut.Sum sum,
      LeaveOneOut.Scores scores,
      List<Choice> choices,
      LabelledRows rows,
      HeadSettings settings) {
    double[] lambdas = choices.stream().mapToDouble(Choice::lambda).toArray();
    List<Candidate> candidates =
        LeaveOneOut.judge(sum, scores, lambdas, rows.classes().samples(), settings);
    List<Candidate> own = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      own.add(candidates.get(i).withPrior(choices.get(i).prior()));
    }
    return own;
  }

  private static Choice choice(Candidate best) {
    return new Choice(best.parameter(), best.prior());
  }

  /** What is tried of λ. */
  static double[] lambdas(LabelledRows rows, HeadSettings settings) {
    if (settings.fixedLambda().isPresent()) {
      return new double[] {settings.fixedLambda().getAsDouble()};
    }
    double[] all = settings.lambdas().stream().mapToDouble(Double::doubleValue).toArray();
    if (rows.classes().samplesOfEach() > TOO_FEW) {
      return all;
    }
    double nearest =
        Arrays.stream(all)
            .boxed()
            .min(Comparator.comparingDouble(lambda -> Math.abs(Math.log(lambda / OF_FEW))))
            .orElseThrow();
    LOG.info(
        "ridge: lambda {}, not chosen by leave-one-out, which halves classes of two samples",
        nearest);
    return new double[] {nearest};
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
