package io.github.lsgspark.head;

import static io.github.lsgspark.head.PlainCovariance.column;
import static io.github.lsgspark.head.PlainCovariance.count;
import static io.github.lsgspark.head.PlainCovariance.covariance;
import static io.github.lsgspark.head.PlainCovariance.means;
import static io.github.lsgspark.head.PlainCovariance.shrunk;
import static io.github.lsgspark.head.PlainCovariance.trace;
import static io.github.lsgspark.head.PlainFits.solved;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.NativeTorch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads against the same with every sample left out in turn, on drawn features. */
class HeadKindsTest {
  static Stream<DrawnSamples> drawn() {
    return IntStream.range(0, 16)
        .mapToObj(
            i -> {
              Random random = new Random(i);
              int classes = 2 + random.nextInt(5);
              return new DrawnSamples(
                  i,
                  2 * classes + random.nextInt(20),
                  1 + i % 3,
                  3 + random.nextInt(40),
                  classes,
                  i % 2 == 0,
                  i % 4 > 1);
            });
  }

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static HeadSettings settings(String hocon) {
    return SettingsLoader.parse(hocon).head();
  }

  /** W [d][C] of a ridge without one of the samples; -1: with all. */
  private static double[][] ridge(
      DrawnSamples one,
      double[][] rows,
      int[] labels,
      double[] weights,
      double lambda,
      int without) {
    double[][] a = new double[one.d()][one.d()];
    double[][] b = new double[one.d()][one.classes()];
    for (int row = 0; row < rows.length; row++) {
      int sample = row / one.views();
      if (sample == without) {
        continue;
      }
      double weight = weights[labels[sample]] / one.views();
      for (int i = 0; i < one.d(); i++) {
        b[i][labels[sample]] += weight * rows[row][i];
        for (int j = 0; j < one.d(); j++) {
          a[i][j] += weight * rows[row][i] * rows[row][j];
        }
      }
    }
    for (int i = 0; i < one.d(); i++) {
      a[i][i] += lambda;
    }
    return solved(a, b);
  }

  private static double[] scores(double[] x, double[][] w) {
    double[] scores = new double[w[0].length];
    for (int i = 0; i < x.length; i++) {
      for (int c = 0; c < scores.length; c++) {
        scores[c] += x[i] * w[i][c];
      }
    }
    return scores;
  }

  private static void assertJudged(Candidate candidate, List<double[]> scores, int[] labels) {
    int hits = 0;
    double entropy = 0;
    double colder = 0;
    double squares = 0;
    for (int i = 0; i < labels.length; i++) {
      double[] own = scores.get(i);
      int best = 0;
      for (int c = 1; c < own.length; c++) {
        best = own[c] > own[best] ? c : best;
      }
      hits += best == labels[i] ? 1 : 0;
      entropy += entropy(own, labels[i], candidate.temperature());
      squares += Math.pow(entropy(own, labels[i], candidate.temperature()), 2);
      colder += entropy(own, labels[i], candidate.temperature() / 1.5);
    }
    assertThat(candidate.accuracy()).isCloseTo((double) hits / labels.length, within(1e-9));
    assertThat(candidate.crossEntropy()).isCloseTo(entropy / labels.length, within(1e-7));
    double mean = entropy / labels.length;
    assertThat(candidate.standardError())
        .isCloseTo(
            Math.sqrt(Math.max(0, squares / labels.length - mean * mean) / labels.length),
            within(1e-6));
    assertThat(colder / labels.length).isGreaterThan(candidate.crossEntropy() - 1e-3);
  }

  private static double entropy(double[] scores, int label, double temperature) {
    double sum = 0;
    for (double score : scores) {
      sum += Math.exp((score - scores[label]) / temperature);
    }
    return Math.log(sum);
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void ridgesAreJudgedByFitsWithoutEachSample(DrawnSamples one) {
    HeadSettings settings = settings("head.lambdas = [0.05, 0.7, 4]");
    HeadKind.Fitted fitted = one.fit(new RidgeHead(), settings);
    int[] labels = one.block().labels();
    double[][] rows = one.rows();
    double[] weights = one.counts().weights();
    assertThat(fitted.candidates()).hasSize(one.counts().samplesOfEach() > 2 ? 3 : 1);
    for (Candidate candidate : fitted.candidates()) {
      List<double[]> scores = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        double[][] w = ridge(one, rows, labels, weights, candidate.parameter(), i);
        scores.add(scores(rows[i * one.views()], w));
      }
      assertJudged(candidate, scores, labels);
    }
    double[][] whole = ridge(one, rows, labels, weights, fitted.best().parameter(), -1);
    for (int c = 0; c < one.classes(); c++) {
      for (int i = 0; i < one.d(); i++) {
        assertThat(fitted.head().weight()[c * one.d() + i]).isCloseTo(whole[i][c], within(1e-9));
      }
    }
  }

  /** To leave one of two out halves its class, which makes a small λ look good. */
  @Test
  void withTwoSamplesOfAClassLambdaIsNotChosenByLeaveOneOut() {
    for (int classes = 2; classes < 6; classes++) {
      DrawnSamples two = new DrawnSamples(classes, 2 * classes, 1, 8, classes, true, false);
      assertThat(two.fit(new RidgeHead(), settings("")).candidates())
          .extracting(Candidate::parameter)
          .containsExactly(0.3);
      assertThat(two.fit(new RidgeHead(), settings("head.lambda = 2")).best().parameter())
          .isEqualTo(2);
      DrawnSamples more = new DrawnSamples(classes, 2 * classes + 1, 1, 8, classes, true, false);
      assertThat(more.fit(new RidgeHead(), settings("")).candidates()).hasSizeGreaterThan(1);
    }
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void nearestMeansAreJudgedByMeansWithoutEachSample(DrawnSamples one) {
    HeadKind.Fitted fitted = one.fit(new NearestMeanHead(), settings(""));
    int[] labels = one.block().labels();
    double[][] rows = one.rows();
    List<double[]> scores = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      double[] own = new double[one.classes()];
      for (int c = 0; c < one.classes(); c++) {
        double[] sum = new double[one.d()];
        for (int row = 0; row < rows.length; row++) {
          if (row / one.views() != i && labels[row / one.views()] == c) {
            for (int j = 0; j < one.d(); j++) {
              sum[j] += rows[row][j];
            }
          }
        }
        double norm = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        for (int j = 0; j < one.d() && norm > 0; j++) {
          own[c] += rows[i * one.views()][j] * sum[j] / norm;
        }
      }
      scores.add(own);
    }
    assertJudged(fitted.best(), scores, labels);
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void gaussiansAreJudgedByClassesWithoutEachSample(DrawnSamples one) {
    HeadKind.Fitted fitted = one.fit(new GaussianHead(), settings("head.shrinkage = \"0.3\""));
    int[] labels = one.block().labels();
    double[][] rows = one.rows();
    double[][] firsts = new double[labels.length][];
    for (int i = 0; i < labels.length; i++) {
      firsts[i] = rows[i * one.views()];
    }
    double trace = trace(covariance(firsts, labels, one, -1)) / one.d();
    List<double[]> scores = new ArrayList<>();
    boolean allShared = true;
    for (int i = 0; i < labels.length; i++) {
      double[][] means = means(firsts, labels, one, i);
      long others = count(labels, labels[i]) - 1;
      allShared &= others > 0;
      double[][] a = shrunk(covariance(firsts, labels, one, i), trace);
      double[] own = new double[one.classes()];
      for (int c = 0; c < one.classes(); c++) {
        double[] u = new double[one.d()];
        for (int j = 0; j < one.d(); j++) {
          u[j] = firsts[i][j] - means[c][j];
        }
        double[][] solution = solved(a, column(u));
        for (int j = 0; j < one.d(); j++) {
          own[c] -= 0.5 * u[j] * solution[j][0];
        }
      }
      if (others == 0) {
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < one.classes(); c++) {
          least = c == labels[i] ? least : Math.min(least, own[c]);
        }
        own[labels[i]] = least;
      }
      scores.add(own);
    }
    if (allShared) {
      assertJudged(fitted.best(), scores, labels);
    }
    double[][] a = shrunk(covariance(firsts, labels, one, -1), trace);
    double[][] means = means(firsts, labels, one, -1);
    for (int c = 0; c < one.classes(); c++) {
      double[][] w = solved(a, column(means[c]));
      double bias = 0;
      for (int j = 0; j < one.d(); j++) {
        assertThat(fitted.head().weight()[c * one.d() + j]).isCloseTo(w[j][0], within(1e-7));
        bias -= 0.5 * means[c][j] * w[j][0];
      }
      assertThat(fitted.head().bias()[c]).isCloseTo(bias, within(1e-6));
    }
  }

  @Test
  void classesOfEqualSizeCountAlikeWhateverTheWeights() {
    ClassCounts balanced =
        ClassCounts.of(List.of("a", "b"), new long[] {5, 5}, ClassWeights.BALANCED);
    assertThat(balanced.weights()).containsExactly(1, 1);
    ClassCounts unequal =
        ClassCounts.of(List.of("a", "b", "c"), new long[] {6, 2, 0}, ClassWeights.BALANCED);
    assertThat(unequal.weights()[0] * 6).isCloseTo(unequal.weights()[1] * 2, within(1e-12));
    assertThat(unequal.empty()).containsExactly("c");
  }

  @Test
  void fewerLayersAreTakenOnlyWhereTheyAreClearlyBetter() {
    Candidate all = new Candidate(1, 1, 0.5, 2, 0.1);
    Candidate little = new Candidate(1, 1, 0.54, 1.95, 0.1);
    Candidate much = new Candidate(1, 1, 0.56, 1.85, 0.1);
    for (HeadSettings.Criterion criterion : HeadSettings.Criterion.values()) {
      assertThat(little.isClearlyBetterThan(all, criterion, 100)).isFalse();
      assertThat(much.isClearlyBetterThan(all, criterion, 100)).isTrue();
    }
  }
}
