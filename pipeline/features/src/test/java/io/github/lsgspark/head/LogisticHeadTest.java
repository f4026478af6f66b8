package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Multinomial regression against small steps along the gradient, written out. */
class LogisticHeadTest {
  private static final int STEPS = 1200;

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** W [C][d] by gradient descent on some of the samples. */
  private static double[][] descended(PlainFits.Rows rows, double lambda, IntPredicate samples) {
    int d = rows.d();
    double[][] w = new double[rows.classes()][d];
    double steepest = lambda;
    for (int row = 0; row < rows.x().length; row++) {
      steepest += rows.weight(row) / 2;
    }
    for (int step = 0; step < STEPS; step++) {
      double[][] gradient = PlainFits.crossEntropyGradient(rows, w, samples);
      for (int c = 0; c < gradient.length; c++) {
        for (int k = 0; k < d; k++) {
          w[c][k] -= (gradient[c][k] + lambda * w[c][k]) / steepest;
        }
      }
    }
    return w;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 18, 1, 25, 3, false",
    "2, 24, 2, 6, 4, false",
    "3, 20, 1, 5, 3, true",
    "4, 12, 2, 40, 3, false"
  })
  void theFitIsTheSmallestAndIsJudgedWithoutEachPart(
      long seed, int samples, int views, int d, int classes, boolean distributed) {
    PlainFits.Rows rows = PlainFits.Rows.drawn(seed, samples, views, d, classes, distributed);
    HeadSettings settings =
        SettingsLoader.parse(
                "head { kind = logistic, temperature = \"1\","
                    + " logistic { lambdas = [0.3, 1], folds = 3, tolerance = 1e-9 } }")
            .head();
    HeadKind.Fitted fitted;
    int[] parts;
    try (TensorScope scope = new TensorScope()) {
      fitted = new LogisticHead().fit(rows.labelled(Optional.empty()), settings);
      double[] flat = Arrays.stream(rows.x()).flatMapToDouble(Arrays::stream).toArray();
      parts = new Folds(3, views, new int[0]).of(Tensors.of(flat, rows.x().length, d));
    }
    assertThat(parts).contains(0, 1, 2);
    for (Candidate candidate : fitted.candidates()) {
      double entropy = 0;
      int hits = 0;
      double[][][] without = new double[3][][];
      for (int part = 0; part < 3; part++) {
        int out = part;
        without[part] = descended(rows, candidate.parameter(), one -> parts[one] != out);
      }
      for (int i = 0; i < samples; i++) {
        double[] scores = PlainFits.scores(without[parts[i]], rows.x()[i * views]);
        hits += PlainFits.largest(scores) == rows.labels()[i] ? 1 : 0;
        entropy += PlainFits.entropy(scores, rows.labels()[i], 1);
      }
      assertThat(candidate.accuracy()).isCloseTo((double) hits / samples, within(1e-9));
      assertThat(candidate.crossEntropy()).isCloseTo(entropy / samples, within(1e-5));
    }
    double[][] whole = descended(rows, fitted.best().parameter(), one -> true);
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k < d; k++) {
        assertThat(fitted.head().weight()[c * d + k]).isCloseTo(whole[c][k], within(1e-4));
      }
    }
    assertThat(new LogisticHead().judgement(settings)).isEqualTo("3 folds");
  }

  @Test
  void copiesOfAPictureAreLeftOutTogether() {
    double[] flat = {1, 2, 3, 4, 1, 2, 5, 6, 3, 4, 1, 2};
    try (TensorScope scope = new TensorScope()) {
      int[] parts = new Folds(97, 1, new int[0]).of(Tensors.of(flat, 6, 2));
      assertThat(parts[2]).isEqualTo(parts[0]).isEqualTo(parts[5]);
      assertThat(parts[4]).isEqualTo(parts[1]);
      assertThat(Arrays.stream(parts).distinct().count()).isEqualTo(3);
    }
  }
}
