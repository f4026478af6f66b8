package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.LinearAlgebra.Spectrum;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Gaussian classes, equally frequent, with one covariance that is shrunk towards a sphere of the
 * same trace (Friedman 1989). Leave-one-out takes a sample out of its class's mean and of the
 * covariance by a rank-one change; the trace stays. Of several views the first counts.
 */
public final class GaussianHead implements HeadKind {
  private static final double[] SHARES = {0.01, 0.03, 0.1, 0.2, 0.4, 0.7};

  @Override
  public String label() {
    return "gda";
  }

  @Override
  public String help() {
    return "Gaussian classes with one shrunk covariance";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    return fit(rows, settings, new double[0], new double[] {0});
  }

  /**
   * Fits classes, and weighs texts beside them.
   *
   * @param texts of the classes [C, d]; empty: none
   * @param factors of the texts' scores that are tried
   */
  static Fitted fit(LabelledRows rows, HeadSettings settings, double[] texts, double[] factors) {
    ClassCounts counts = rows.classes();
    int classes = counts.size();
    int views = rows.views();
    int d = rows.dimension();
    double[] sums =
        rows.sum(
            (x, labels) -> {
              Tensor own = first(x, labels.length, views);
              Tensor y = RidgeHead.targets(labels, classes, 1);
              return Tensors.doubles(Ops.matmul(Ops.transpose(Ops.cat(1, own, y), 0, 1), own));
            });
    try (TensorScope scope = new TensorScope()) {
      Tensor both = Tensors.of(sums, d + classes, d);
      Tensor means = means(Ops.narrow(both, 0, d, classes), counts);
      Tensor within =
          Ops.sub(
              Ops.narrow(both, 0, 0, d),
              Ops.matmul(Ops.transpose(weighted(means, counts), 0, 1), means));
      Spectrum spectrum = LinearAlgebra.spectrum(Ops.div(within, (double) counts.samples()));
      Tensor s = Ops.clampMin(spectrum.values(), 0);
      Tensor turned = Ops.matmul(means, spectrum.vectors());
      double[] spread = Tensors.doubles(s);
      double trace = Arrays.stream(spread).sum() / d;
      double[] vectors = Tensors.doubles(spectrum.vectors());
      double[] centres = Tensors.doubles(turned);
      double[] shares =
          settings.fixedShrinkage().isPresent()
              ? new double[] {settings.fixedShrinkage().getAsDouble()}
              : SHARES;
      double[] parameters =
          Arrays.stream(shares)
              .flatMap(share -> DoubleStream.generate(() -> share).limit(factors.length))
              .toArray();
      List<Candidate> judged =
          LeaveOneOut.judge(
              rows::sum,
              (x, labels) -> {
                Tensor own = first(x, labels.length, views);
                Tensor z = Ops.matmul(own, Tensors.of(vectors, d, d));
                List<Tensor> scores = new ArrayList<>();
                for (double share : shares) {
                  Tensor gaussian =
                      without(
                          z,
                          labels,
                          Tensors.of(centres, classes, d),
                          precision(spread, trace, share),
                          1 - share,
                          counts);
                  scores.addAll(with(gaussian, own, texts, factors, counts));
                }
                return scores;
              },
              parameters,
              counts.samples(),
              settings);
      List<Candidate> candidates = new ArrayList<>();
      for (int i = 0; i < parameters.length; i++) {
        candidates.add(judged.get(i).withPrior(factors[i % factors.length]));
      }
      Candidate best = RidgeHead.best(candidates, settings);
      Tensor scaled = Ops.mul(turned, precision(spread, trace, best.parameter()));
      Tensor weight = Ops.matmul(scaled, Ops.transpose(spectrum.vectors(), 0, 1));
      Tensor bias = Ops.mul(Ops.sum(Ops.mul(scaled, turned), 1, false), -0.5);
      if (texts.length == 0) {
        return new Fitted(
            candidates,
            best,
            new LinearHead(Tensors.doubles(weight), withoutEmpty(Tensors.doubles(bias), counts)));
      }
      Tensor filled = Ops.transpose(filling(counts), 0, 1);
      Tensor whole =
          Ops.add(Ops.matmul(filled, weight), Ops.mul(Tensors.of(texts, classes, d), best.prior()));
      return new Fitted(
          candidates,
          best,
          new LinearHead(
              Tensors.doubles(whole),
              Tensors.doubles(
                  Ops.matmul(filled, LinearAlgebra.shaped(Ops.mul(bias, 1), classes, 1)))));
    }
  }

  /** Scores of the Gaussians and of the texts together, for each factor [m, C]. */
  private static List<Tensor> with(
      Tensor gaussian, Tensor x, double[] texts, double[] factors, ClassCounts counts) {
    if (texts.length == 0) {
      return List.of(gaussian);
    }
    Tensor filled = Ops.matmul(gaussian, filling(counts));
    Tensor cosines =
        Ops.matmul(x, Ops.transpose(Tensors.of(texts, counts.size(), x.size(1)), 0, 1));
    return Arrays.stream(factors)
        .mapToObj(factor -> Ops.add(filled, Ops.mul(cosines, factor)))
        .toList();
  }

  /** Gives a class without samples the mean of the others' scores, so that its text decides. */
  private static Tensor filling(ClassCounts counts) {
    int classes = counts.size();
    long known = Arrays.stream(counts.counts()).filter(count -> count > 0).count();
    double[] matrix = new double[classes * classes];
    for (int from = 0; from < classes; from++) {
      for (int to = 0; to < classes; to++) {
        double share = counts.counts()[to] > 0 ? (from == to ? 1 : 0) : 1.0 / known;
        matrix[from * classes + to] = counts.counts()[from] > 0 ? share : 0;
      }
    }
    return Tensors.of(matrix, classes, classes);
  }

  /** A class without samples is at no place. */
  private static double[] withoutEmpty(double[] bias, ClassCounts counts) {
    double[] out = bias.clone();
    double least = Arrays.stream(bias).min().orElse(0);
    for (int c = 0; c < out.length; c++) {
      if (counts.counts()[c] == 0) {
        out[c] = 2 * least - 1e3;
      }
    }
    return out;
  }

  private static Tensor first(Tensor x, int samples, int views) {
    long d = x.size(1);
    return views == 1
        ? x
        : LinearAlgebra.shaped(
            Ops.narrow(LinearAlgebra.shaped(x, samples, views, d), 1, 0, 1), samples, d);
  }

  private static Tensor means(Tensor sums, ClassCounts counts) {
    double[] inverse = new double[counts.size()];
    for (int c = 0; c < inverse.length; c++) {
      inverse[c] = counts.counts()[c] == 0 ? 0 : 1.0 / counts.counts()[c];
    }
    return Ops.mul(sums, Tensors.of(inverse, inverse.length, 1));
  }

  private static Tensor weighted(Tensor means, ClassCounts counts) {
    double[] numbers = Arrays.stream(counts.counts()).asDoubleStream().toArray();
    return Ops.mul(means, Tensors.of(numbers, numbers.length, 1));
  }

  /** The inverse variances along the axes, as a row. */
  private static Tensor precision(double[] spread, double trace, double share) {
    double[] inverse = new double[spread.length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = 1 / ((1 - share) * spread[i] + share * trace);
    }
    return Tensors.of(inverse, 1, inverse.length);
  }

  /** Minus half the squared distances to the classes, up to a number for each sample. */
  private static Tensor without(
      Tensor z, int[] labels, Tensor centres, Tensor precision, double share, ClassCounts counts) {
    double n = counts.samples();
    double[] out = new double[labels.length];
    double[] longer = new double[labels.length];
    for (int i = 0; i < labels.length; i++) {
      double own = counts.counts()[labels[i]];
      // Of one sample nothing is left; its class is then where all means are.
      longer[i] = own > 1 ? own / (own - 1) : 0;
      out[i] = own > 1 ? share * own / (own - 1) / n : 0;
    }
    Tensor indices = LeaveOneOut.labels(labels);
    Tensor mean = Ops.indexSelect(centres, 0, indices);
    Tensor u = Ops.sub(z, mean);
    Tensor scaledU = Ops.mul(u, precision);
    Tensor scaledZ = Ops.mul(z, precision);
    Tensor scaledCentres = Ops.mul(centres, precision);
    Tensor norms =
        LinearAlgebra.shaped(Ops.sum(Ops.mul(scaledCentres, centres), 1, false), 1, counts.size());
    Tensor own = Ops.sum(Ops.mul(scaledZ, z), 1, true);
    Tensor distances =
        Ops.add(Ops.sub(own, Ops.mul(Ops.matmul(scaledZ, Ops.transpose(centres, 0, 1)), 2)), norms);
    Tensor along =
        Ops.sub(
            Ops.sum(Ops.mul(scaledU, z), 1, true),
            Ops.matmul(scaledU, Ops.transpose(centres, 0, 1)));
    Tensor factor = Tensors.of(longer, labels.length, 1);
    Tensor uu = Ops.sum(Ops.mul(scaledU, u), 1, true);
    LinearAlgebra.setAt(distances, indices, ownDistance(distances, uu, factor));
    LinearAlgebra.setAt(along, indices, Ops.mul(uu, factor));
    Tensor k = Tensors.of(out, labels.length, 1);
    Tensor rest = Ops.sub(Ops.add(Ops.mul(k, 0), 1), Ops.mul(k, uu));
    Tensor change = Ops.div(Ops.mul(k, Ops.mul(along, along)), rest);
    return Ops.mul(Ops.add(distances, change), -0.5);
  }

  private static Tensor ownDistance(Tensor distances, Tensor uu, Tensor factor) {
    Tensor moved = Ops.mul(uu, Ops.mul(factor, factor));
    // Where a class has no other sample, its distance is that of the farthest.
    Tensor alone = Ops.largest(distances, 1, true);
    Tensor isAlone = LinearAlgebra.isZero(factor);
    return Ops.add(moved, Ops.mul(alone, isAlone));
  }
}
