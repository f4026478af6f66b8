package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.ClassWeights;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.features.FeatureSlice;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Heads against the same with every sample left out in turn, on drawn features. */
class HeadKindsTest {

  /** Drawn samples. */
  private record Drawn(
      int seed, int samples, int views, int d, int classes, boolean balanced, boolean distributed) {

    private RowBlock block() {
      Random random = new Random(seed);
      String[] ids = new String[samples];
      int[] labels = new int[samples];
      float[] values = new float[samples * views * d];
      float[][] centres = new float[classes][d];
      for (float[] centre : centres) {
        for (int i = 0; i < d; i++) {
          centre[i] = (float) random.nextGaussian();
        }
      }
      for (int i = 0; i < samples; i++) {
        ids[i] = "s" + i;
        // Every class has one, and the first ones have most.
        labels[i] = i < classes ? i : Math.min(random.nextInt(classes), random.nextInt(classes));
        for (int v = 0; v < views; v++) {
          for (int j = 0; j < d; j++) {
            values[(i * views + v) * d + j] =
                (float) (centres[labels[i]][j] + 1.5 * random.nextGaussian());
          }
        }
      }
      return new RowBlock(ids, labels, values);
    }

    private FeatureTransform transform() {
      double[] mean = new double[d];
      Arrays.fill(mean, 0.1);
      return new FeatureTransform(
          true, List.of(new FeatureSlice("a", "a", 0, d)), d, mean, new double[0], new double[0]);
    }
  }

  static Stream<Drawn> drawn() {
    return IntStream.range(0, 16)
        .mapToObj(
            i -> {
              Random random = new Random(i);
              int classes = 2 + random.nextInt(5);
              return new Drawn(
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

  private static ClassCounts counts(RowBlock block, int classes, boolean balanced) {
    long[] counts = new long[classes];
    Arrays.stream(block.labels()).forEach(label -> counts[label]++);
    return ClassCounts.of(
        IntStream.range(0, classes).mapToObj(c -> "c" + c).toList(),
        counts,
        balanced ? ClassWeights.BALANCED : ClassWeights.NONE);
  }

  /** A block's transformed rows. */
  private static double[][] rows(Drawn one) {
    try (TensorScope scope = new TensorScope()) {
      double[] flat = Tensors.doubles(one.transform().apply(one.block().values()));
      double[][] rows = new double[flat.length / one.d][];
      for (int i = 0; i < rows.length; i++) {
        rows[i] = Arrays.copyOfRange(flat, i * one.d, (i + 1) * one.d);
      }
      return rows;
    }
  }

  private static HeadKind.Fitted fit(Drawn one, HeadKind kind, HeadSettings settings) {
    RowBlock block = one.block();
    ClassCounts counts = counts(block, one.classes, one.balanced);
    if (one.distributed) {
      return kind.fit(new Parts(block, one, counts), settings);
    }
    try (MemoryRows rows = new MemoryRows(block, one.transform(), counts, one.views)) {
      return kind.fit(rows, settings);
    }
  }

  /** The rows in parts, as executors have them. */
  private record Parts(RowBlock block, Drawn one, ClassCounts classes) implements LabelledRows {
    @Override
    public int views() {
      return one.views;
    }

    @Override
    public int dimension() {
      return one.d;
    }

    @Override
    public double[] sum(Term term) {
      double[] sum = null;
      int length = one.views * one.d;
      for (int from = 0; from < block.samples(); from += 3) {
        int to = Math.min(block.samples(), from + 3);
        try (TensorScope scope = new TensorScope()) {
          Tensor x =
              one.transform().apply(Arrays.copyOfRange(block.values(), from * length, to * length));
          double[] part = term.of(x, Arrays.copyOfRange(block.labels(), from, to));
          for (int i = 0; sum != null && i < part.length; i++) {
            part[i] += sum[i];
          }
          sum = part;
        }
      }
      return sum;
    }

    @Override
    public Tensor dual() {
      return null;
    }

    @Override
    public int[] dualLabels() {
      return new int[0];
    }
  }

  /** Solves a positive definite system by Gauss and Jordan. */
  private static double[][] solved(double[][] a, double[][] b) {
    int n = a.length;
    double[][] left = Arrays.stream(a).map(double[]::clone).toArray(double[][]::new);
    double[][] right = Arrays.stream(b).map(double[]::clone).toArray(double[][]::new);
    for (int i = 0; i < n; i++) {
      double pivot = left[i][i];
      for (int j = 0; j < n; j++) {
        if (j != i) {
          double factor = left[j][i] / pivot;
          for (int k = 0; k < n; k++) {
            left[j][k] -= factor * left[i][k];
          }
          for (int k = 0; k < right[j].length; k++) {
            right[j][k] -= factor * right[i][k];
          }
        }
      }
    }
    for (int i = 0; i < n; i++) {
      for (int k = 0; k < right[i].length; k++) {
        right[i][k] /= left[i][i];
      }
    }
    return right;
  }

  /** W [d][C] of a ridge without one of the samples; -1: with all. */
  private static double[][] ridge(
      Drawn one, double[][] rows, int[] labels, double[] weights, double lambda, int without) {
    double[][] a = new double[one.d][one.d];
    double[][] b = new double[one.d][one.classes];
    for (int row = 0; row < rows.length; row++) {
      int sample = row / one.views;
      if (sample == without) {
        continue;
      }
      double weight = weights[labels[sample]] / one.views;
      for (int i = 0; i < one.d; i++) {
        b[i][labels[sample]] += weight * rows[row][i];
        for (int j = 0; j < one.d; j++) {
          a[i][j] += weight * rows[row][i] * rows[row][j];
        }
      }
    }
    for (int i = 0; i < one.d; i++) {
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
  void ridgesAreJudgedByFitsWithoutEachSample(Drawn one) {
    HeadSettings settings = settings("head.lambdas = [0.05, 0.7, 4]");
    HeadKind.Fitted fitted = fit(one, new RidgeHead(), settings);
    int[] labels = one.block().labels();
    double[][] rows = rows(one);
    double[] weights = counts(one.block(), one.classes, one.balanced).weights();
    assertThat(fitted.candidates()).hasSize(3);
    for (Candidate candidate : fitted.candidates()) {
      List<double[]> scores = new ArrayList<>();
      for (int i = 0; i < labels.length; i++) {
        double[][] w = ridge(one, rows, labels, weights, candidate.parameter(), i);
        scores.add(scores(rows[i * one.views], w));
      }
      assertJudged(candidate, scores, labels);
    }
    double[][] whole = ridge(one, rows, labels, weights, fitted.best().parameter(), -1);
    for (int c = 0; c < one.classes; c++) {
      for (int i = 0; i < one.d; i++) {
        assertThat(fitted.head().weight()[c * one.d + i]).isCloseTo(whole[i][c], within(1e-9));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void nearestMeansAreJudgedByMeansWithoutEachSample(Drawn one) {
    HeadKind.Fitted fitted = fit(one, new NearestMeanHead(), settings(""));
    int[] labels = one.block().labels();
    double[][] rows = rows(one);
    List<double[]> scores = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      double[] own = new double[one.classes];
      for (int c = 0; c < one.classes; c++) {
        double[] sum = new double[one.d];
        for (int row = 0; row < rows.length; row++) {
          if (row / one.views != i && labels[row / one.views] == c) {
            for (int j = 0; j < one.d; j++) {
              sum[j] += rows[row][j];
            }
          }
        }
        double norm = Math.sqrt(Arrays.stream(sum).map(x -> x * x).sum());
        for (int j = 0; j < one.d && norm > 0; j++) {
          own[c] += rows[i * one.views][j] * sum[j] / norm;
        }
      }
      scores.add(own);
    }
    assertJudged(fitted.best(), scores, labels);
  }

  @ParameterizedTest
  @MethodSource("drawn")
  void gaussiansAreJudgedByClassesWithoutEachSample(Drawn one) {
    HeadKind.Fitted fitted = fit(one, new GaussianHead(), settings("head.shrinkage = \"0.3\""));
    int[] labels = one.block().labels();
    double[][] rows = rows(one);
    double[][] firsts = new double[labels.length][];
    for (int i = 0; i < labels.length; i++) {
      firsts[i] = rows[i * one.views];
    }
    double trace = trace(covariance(firsts, labels, one, -1)) / one.d;
    List<double[]> scores = new ArrayList<>();
    boolean allShared = true;
    for (int i = 0; i < labels.length; i++) {
      double[][] means = means(firsts, labels, one, i);
      long others = count(labels, labels[i]) - 1;
      allShared &= others > 0;
      double[][] a = shrunk(covariance(firsts, labels, one, i), trace);
      double[] own = new double[one.classes];
      for (int c = 0; c < one.classes; c++) {
        double[] u = new double[one.d];
        for (int j = 0; j < one.d; j++) {
          u[j] = firsts[i][j] - means[c][j];
        }
        double[][] solution = solved(a, column(u));
        for (int j = 0; j < one.d; j++) {
          own[c] -= 0.5 * u[j] * solution[j][0];
        }
      }
      if (others == 0) {
        double least = Double.POSITIVE_INFINITY;
        for (int c = 0; c < one.classes; c++) {
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
    for (int c = 0; c < one.classes; c++) {
      double[][] w = solved(a, column(means[c]));
      double bias = 0;
      for (int j = 0; j < one.d; j++) {
        assertThat(fitted.head().weight()[c * one.d + j]).isCloseTo(w[j][0], within(1e-7));
        bias -= 0.5 * means[c][j] * w[j][0];
      }
      assertThat(fitted.head().bias()[c]).isCloseTo(bias, within(1e-6));
    }
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(x -> new double[] {x}).toArray(double[][]::new);
  }

  private static long count(int[] labels, int label) {
    return Arrays.stream(labels).filter(own -> own == label).count();
  }

  private static double[][] means(double[][] x, int[] labels, Drawn one, int without) {
    double[][] means = new double[one.classes][one.d];
    for (int i = 0; i < x.length; i++) {
      long others =
          count(labels, labels[i]) - (without >= 0 && labels[without] == labels[i] ? 1 : 0);
      for (int j = 0; j < one.d && i != without; j++) {
        means[labels[i]][j] += x[i][j] / others;
      }
    }
    return means;
  }

  /** Of the samples around their classes' means, over all samples. */
  private static double[][] covariance(double[][] x, int[] labels, Drawn one, int without) {
    double[][] means = means(x, labels, one, without);
    double[][] covariance = new double[one.d][one.d];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < one.d && i != without; j++) {
        for (int k = 0; k < one.d; k++) {
          covariance[j][k] +=
              (x[i][j] - means[labels[i]][j]) * (x[i][k] - means[labels[i]][k]) / x.length;
        }
      }
    }
    return covariance;
  }

  private static double trace(double[][] a) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i][i]).sum();
  }

  private static double[][] shrunk(double[][] covariance, double trace) {
    double[][] a = new double[covariance.length][covariance.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a.length; j++) {
        a[i][j] = 0.7 * covariance[i][j] + (i == j ? 0.3 * trace : 0);
      }
    }
    return a;
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
