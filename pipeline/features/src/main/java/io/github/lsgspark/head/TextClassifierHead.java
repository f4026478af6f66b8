package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Least squares around the texts of the classes, for networks whose images and texts share a space
 * (CLIP): the minimum of ‖X W − Y‖² + λ ‖W − μ T‖², which is W = (X'X + λI)⁻¹ (X'Y + λ μ T). With μ
 * = 0 it is the ridge, with endless λ the zero-shot classifier T, whose rows are the mean prompts
 * at unit length (Radford et al. 2021). λ and μ are chosen by exact leave-one-out, which does not
 * see the texts, so that they count as much as they help.
 */
public final class TextClassifierHead implements HeadKind {
  /** Stands for an endless λ: no label is learnt from. */
  static final double NO_LABELS = 1e9;

  /** Cosines of images and texts differ by some hundredths from class to class, targets by 1. */
  private static final double[] FACTORS = {0, 1, 3, 10, 30};

  @Override
  public String label() {
    return "text-ridge";
  }

  @Override
  public String help() {
    return "least squares around the texts of the classes, in the space of images and texts";
  }

  @Override
  public boolean isOfTexts() {
    return true;
  }

  private record Choice(double lambda, double factor) implements Serializable {}

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    List<Choice> choices = new ArrayList<>();
    for (double factor : FACTORS) {
      for (double lambda : RidgeHead.lambdas(rows, settings)) {
        choices.add(new Choice(lambda, factor));
      }
    }
    choices.add(new Choice(NO_LABELS, 1));
    return fit(rows, settings, choices);
  }

  private static Fitted fit(LabelledRows rows, HeadSettings settings, List<Choice> choices) {
    double[] texts = texts(rows);
    int classes = rows.classes().size();
    int d = rows.dimension();
    int views = rows.views();
    double[] weights = rows.rowWeights();
    double[] sums =
        rows.sum(
            (x, labels) -> {
              Tensor roots = RidgeHead.roots(labels, weights, views);
              Tensor own = Ops.mul(x, roots);
              Tensor y = Ops.mul(RidgeHead.targets(labels, classes, views), roots);
              return Tensors.doubles(Ops.matmul(Ops.transpose(own, 0, 1), Ops.cat(1, own, y)));
            });
    try (TensorScope scope = new TensorScope()) {
      Tensor both = Tensors.of(sums, d, d + classes);
      Spectrum spectrum = LinearAlgebra.spectrum(Ops.narrow(both, 1, 0, d));
      Tensor turned = Ops.transpose(spectrum.vectors(), 0, 1);
      Axes axes =
          new Axes(
              Tensors.doubles(spectrum.vectors()),
              Tensors.doubles(Ops.clampMin(spectrum.values(), 0)),
              Tensors.doubles(Ops.matmul(turned, Ops.narrow(both, 1, d, classes))),
              Tensors.doubles(
                  Ops.matmul(turned, Ops.transpose(Tensors.of(texts, classes, d), 0, 1))),
              classes);
      List<Candidate> judged =
          LeaveOneOut.judge(
              rows::sum,
              (x, labels) -> axes.without(x, labels, weights, views, choices),
              choices.stream().mapToDouble(Choice::lambda).toArray(),
              rows.classes().samples(),
              settings);
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i < choices.size(); i++) {
        candidates.add(judged.get(i).withPrior(choices.get(i).factor()));
      }
      Candidate best = RidgeHead.best(candidates, settings);
      Tensor weight = axes.weight(new Choice(best.parameter(), best.prior()));
      return new Fitted(
          candidates, best, LinearHead.of(Tensors.doubles(Ops.transpose(weight, 0, 1)), classes));
    }
  }

  /**
   * The mean prompts [C, d].
   *
   * @throws LsgException exit 2 if they are of another space than the rows
   */
  static double[] texts(LabelledRows rows) {
    ClassTexts texts =
        rows.texts()
            .orElseThrow(() -> LsgException.usage("this head.kind needs the texts of the classes"));
    if (texts.dimension() != rows.dimension()) {
      throw LsgException.usage(
          ("head.kind = text-ridge, text-gda, text-logistic and zero-shot are for images and texts in one space, but the"
                  + " features have %d numbers and the texts %d: take both from one directory, with"
                  + " embedding { encoder = transformer, model = ..., pooling = end-of-text }")
              .formatted(rows.dimension(), texts.dimension()));
    }
    return texts.classifier();
  }

  /**
   * The fit along the principal axes of the rows.
   *
   * @param vectors an axis in each column [d, d]
   * @param values how much of the rows lies along each [d]
   * @param products of rows and targets [d, C]
   * @param texts [d, C]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Axes(
      double[] vectors, double[] values, double[] products, double[] texts, int classes)
      implements Serializable {

    private Tensor inverse(double lambda) {
      double[] inverse = Arrays.stream(values).map(value -> 1 / (value + lambda)).toArray();
      return Tensors.of(inverse, values.length, 1);
    }

    /** Weights along the axes [d, C]. */
    private Tensor coefficients(Choice choice) {
      Tensor prior = Ops.mul(Tensors.of(texts, values.length, classes), choice.factor());
      if (choice.lambda() >= NO_LABELS) {
        return prior;
      }
      Tensor sum =
          Ops.add(Tensors.of(products, values.length, classes), Ops.mul(prior, choice.lambda()));
      return Ops.mul(sum, inverse(choice.lambda()));
    }

    /** Weights [d, C]. */
    Tensor weight(Choice choice) {
      return Ops.matmul(Tensors.of(vectors, values.length, values.length), coefficients(choice));
    }

    /** Scores of samples that are left out, under each choice [m, C]. */
    List<Tensor> without(
        Tensor x, int[] labels, double[] weights, int views, List<Choice> choices) {
      int d = values.length;
      Tensor roots = RidgeHead.roots(labels, weights, views);
      Tensor z = Ops.matmul(Ops.mul(x, roots), Tensors.of(vectors, d, d));
      Tensor y = Ops.mul(RidgeHead.targets(labels, classes, views), roots);
      List<Tensor> scores = new ArrayList<>();
      for (Choice choice : choices) {
        Tensor residuals = Ops.sub(y, Ops.matmul(z, coefficients(choice)));
        scores.add(
            LeftOut.scores(y, errors(residuals, z, choice, labels.length, views), roots, views));
      }
      return scores;
    }

    private Tensor errors(Tensor residuals, Tensor z, Choice choice, int samples, int views) {
      if (choice.lambda() >= NO_LABELS) {
        return residuals;
      }
      Tensor half = Ops.mul(z, Ops.transpose(inverse(choice.lambda()), 0, 1));
      int d = values.length;
      Tensor hat =
          Ops.batchedMatmul(
              LinearAlgebra.shaped(half, samples, views, d),
              Ops.transpose(LinearAlgebra.shaped(Ops.mul(z, 1), samples, views, d), 1, 2));
      return LeftOut.errorsOfBlocks(residuals, hat);
    }
  }
}
