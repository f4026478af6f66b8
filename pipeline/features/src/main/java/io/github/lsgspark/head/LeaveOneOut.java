package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.torch.LinearAlgebra;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
    out.add(Ops.hits(scores, own));
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
