package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Judges settings by what each labelled sample is given when it is left out: hits, and the cross
 * entropy at the temperature where that is smallest.
 */
final class LeaveOneOut {
  private static final double COARSE_STEP = 1.8;
  private static final int COARSE = 24;
  private static final double SMALLEST = 1e-3;
  private static final int FINE = 16;

  /** The shorter part of a golden section. */
  private static final double SHORTER = (3 - Math.sqrt(5)) / 2;

  private LeaveOneOut() {}

  /** Scores of samples that are left out, under some settings. */
  @FunctionalInterface
  interface Scores extends Serializable {
    /**
     * The scores under each of the settings.
     *
     * @param labels of the block's samples [m]
     * @return one for each of the settings: [m, C] in double
     */
    List<Tensor> of(Tensor x, int[] labels);
  }

  /** Sums a term over the labelled samples. */
  @FunctionalInterface
  interface Sum {
    double[] of(LabelledRows.Term term);
  }

  /**
   * Judges settings.
   *
   * @param parameters of the settings, in the order of the scores
   * @param samples how many are labelled
   */
  static List<Candidate> judge(
      Sum sum, Scores scores, double[] parameters, long samples, HeadSettings settings) {
    double[][] tried = new double[parameters.length][];
    double[] fixed =
        settings.fixedTemperature().isPresent()
            ? new double[] {settings.fixedTemperature().getAsDouble()}
            : null;
    Arrays.fill(tried, fixed != null ? fixed : coarse());
    double[][] found = sums(sum, scores, tried);
    if (fixed == null) {
      for (int i = 0; i < tried.length; i++) {
        tried[i] = fine(tried[i][smallest(found[i])]);
      }
      found = sums(sum, scores, tried);
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      int best = smallest(found[i]);
      double mean = found[i][1 + best] / samples;
      double squares = found[i][1 + tried[i].length + best] / samples;
      candidates.add(
          new Candidate(
              parameters[i],
              tried[i][best],
              found[i][0] / samples,
              mean,
              Math.sqrt(Math.max(0, squares - mean * mean) / samples)));
    }
    return candidates;
  }

  /**
   * Judges settings by scores in memory. The cross entropy is convex in the inverse of the
   * temperature, so that of all temperatures that {@link #judge} may come to only a few are looked
   * at.
   *
   * @param scores under each of the settings, of all labelled samples [n, C]
   */
  static List<Candidate> judgeHeld(
      List<Tensor> scores, int[] labels, double[] parameters, HeadSettings settings) {
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      try (TensorScope scope = new TensorScope()) {
        Tensor own = labels(labels);
        double hits = RowOps.hits(scores.get(i), own);
        Tensor less = Ops.sub(scores.get(i), Ops.largest(scores.get(i), 1, true));
        Entropies entropies = new Entropies(less, LinearAlgebra.at(less, own));
        double temperature =
            settings.fixedTemperature().orElseGet(() -> smallest(entropies::meanAt));
        candidates.add(
            new Candidate(
                parameters[i],
                temperature,
                hits / labels.length,
                entropies.meanAt(temperature),
                entropies.standardErrorAt(temperature)));
      }
    }
    return candidates;
  }

  /** The temperature of the grid at which a convex function is smallest. */
  private static double smallest(DoubleUnaryOperator mean) {
    int low = 0;
    int high = (COARSE - 1) * FINE / 2;
    double[] known = new double[high + 1];
    Arrays.fill(known, Double.NaN);
    IntToDoubleFunction at =
        place -> {
          if (Double.isNaN(known[place])) {
            known[place] = mean.applyAsDouble(temperature(place));
          }
          return known[place];
        };
    while (high - low > 2) {
      int left = low + (int) Math.round(SHORTER * (high - low));
      int right = high - (left - low);
      right = right == left ? right + 1 : right;
      if (at.applyAsDouble(left) <= at.applyAsDouble(right)) {
        high = right;
      } else {
        low = left;
      }
    }
    int best = low;
    for (int place = low; place <= high; place++) {
      best = at.applyAsDouble(place) < at.applyAsDouble(best) ? place : best;
    }
    return temperature(best);
  }

  private static double temperature(int place) {
    return SMALLEST * Math.pow(COARSE_STEP, 2.0 * place / FINE);
  }

  /**
   * Cross entropies of some samples by the temperature.
   *
   * @param less scores, less the largest of each row [n, C]
   * @param right of them those of the labels [n, 1]
   */
  private record Entropies(Tensor less, Tensor right) {
    double meanAt(double temperature) {
      try (TensorScope scope = new TensorScope()) {
        return Tensors.item(Ops.mean(at(temperature)));
      }
    }

    double standardErrorAt(double temperature) {
      try (TensorScope scope = new TensorScope()) {
        Tensor entropies = at(temperature);
        double mean = Tensors.item(Ops.mean(entropies));
        double squares = Tensors.item(Ops.mean(Ops.mul(entropies, entropies)));
        return Math.sqrt(Math.max(0, squares - mean * mean) / right.size(0));
      }
    }

    private Tensor at(double temperature) {
      Tensor logs = LinearAlgebra.logSumExp(Ops.div(less, temperature));
      return Ops.sub(logs, Ops.div(right, temperature));
    }
  }

  private static double[] coarse() {
    return IntStream.range(0, COARSE)
        .mapToDouble(i -> SMALLEST * Math.pow(COARSE_STEP, i))
        .toArray();
  }

  private static double[] fine(double around) {
    return IntStream.rangeClosed(-FINE / 2, FINE / 2)
        .mapToDouble(i -> around * Math.pow(COARSE_STEP, 2.0 * i / FINE))
        .toArray();
  }

  /** Place of the smallest cross entropy among those behind the hits. */
  private static int smallest(double[] sums) {
    int best = 0;
    for (int t = 1; t < sums.length / 2; t++) {
      if (sums[1 + t] < sums[1 + best]) {
        best = t;
      }
    }
    return best;
  }

  /**
   * For each of the settings the hits, then the cross entropies at its temperatures, then their
   * squares.
   */
  private static double[][] sums(Sum sum, Scores scores, double[][] temperatures) {
    double[] flat =
        sum.of(
            (x, labels) -> {
              List<Tensor> all = scores.of(x, labels);
              DoubleStream.Builder out = DoubleStream.builder();
              for (int i = 0; i < all.size(); i++) {
                add(all.get(i), labels, temperatures[i], out);
              }
              return out.build().toArray();
            });
    double[][] parts = new double[temperatures.length][];
    int from = 0;
    for (int i = 0; i < parts.length; i++) {
      parts[i] = Arrays.copyOfRange(flat, from, from + 1 + 2 * temperatures[i].length);
      from += parts[i].length;
    }
    return parts;
  }

  private static void add(
      Tensor scores, int[] labels, double[] temperatures, DoubleStream.Builder out) {
    Tensor own = labels(labels);
    out.add(RowOps.hits(scores, own));
    // Nothing is lost by the largest score of a row, and exponents stay finite.
    Tensor less = Ops.sub(scores, Ops.largest(scores, 1, true));
    Tensor right = LinearAlgebra.at(less, own);
    double[] squares = new double[temperatures.length];
    for (int t = 0; t < temperatures.length; t++) {
      Tensor logs = LinearAlgebra.logSumExp(Ops.div(less, temperatures[t]));
      Tensor entropies = Ops.sub(logs, Ops.div(right, temperatures[t]));
      out.add(Tensors.item(Ops.sum(entropies)));
      squares[t] = Tensors.item(Ops.sum(Ops.mul(entropies, entropies)));
    }
    Arrays.stream(squares).forEach(out::add);
  }

  /** Class numbers as indices. */
  static Tensor labels(int[] labels) {
    return Tensors.of(Arrays.stream(labels).asLongStream().toArray(), labels.length);
  }
}
