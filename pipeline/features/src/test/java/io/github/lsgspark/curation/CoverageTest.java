package io.github.lsgspark.curation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.curation.Neighbourhoods.Near;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lazy choice against a plain one that computes every gain in every step. */
class CoverageTest {

  /** Drawn unit vectors, their k nearest, and what each covers. */
  private record Drawn(double[][] covers, List<Near> near, float[] weights) {

    static Drawn of(long seed, int n, int k, double power) {
      Random random = new Random(seed);
      double[][] x = new double[n][5];
      for (double[] row : x) {
        Arrays.setAll(row, j -> random.nextGaussian());
        double norm = Math.sqrt(Arrays.stream(row).map(v -> v * v).sum());
        Arrays.setAll(row, j -> row[j] / norm);
      }
      List<Near> near = new ArrayList<>();
      double[][] covers = new double[n][n];
      for (int i = 0; i < n; i++) {
        int own = i;
        int[] nearest =
            IntStream.range(0, n)
                .filter(j -> j != own)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -dot(x[own], x[j])))
                .limit(k)
                .mapToInt(Integer::intValue)
                .toArray();
        float[] cosines = new float[nearest.length];
        for (int e = 0; e < cosines.length; e++) {
          cosines[e] = (float) dot(x[i], x[nearest[e]]);
          double covered = cosines[e] > 0 ? Math.pow(cosines[e], power) : 0;
          covers[i][nearest[e]] = covered;
          covers[nearest[e]][i] = covered;
        }
        covers[i][i] = 1;
        near.add(new Near(nearest, cosines));
      }
      float[] weights = new float[n];
      for (int i = 0; i < n; i++) {
        weights[i] = random.nextFloat();
      }
      return new Drawn(covers, near, weights);
    }

    private static double dot(double[] a, double[] b) {
      return IntStream.range(0, a.length).mapToDouble(j -> a[j] * b[j]).sum();
    }

    double gain(int i, double[] covered) {
      return IntStream.range(0, covered.length)
          .mapToDouble(j -> weights[j] * Math.max(0, covers[i][j] - covered[j]))
          .sum();
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 40, 5, 1", "2, 60, 3, 5", "3, 25, 24, 3", "4, 90, 10, 8", "5, 2, 1, 1"})
  void theLazyChoiceIsTheGreedyOne(long seed, int n, int k, double power) {
    Drawn drawn = Drawn.of(seed, n, k, power);
    boolean[] open = new boolean[n];
    Arrays.fill(open, true);
    Coverage coverage = Coverage.of(drawn.near, power, drawn.weights);
    double[] covered = new double[n];
    for (int labelled = 0; labelled < n; labelled += 7) {
      open[labelled] = false;
      coverage.cover(labelled);
      int own = labelled;
      Arrays.setAll(covered, j -> Math.max(covered[j], drawn.covers[own][j]));
    }
    List<Coverage.Chosen> chosen = coverage.choose(open, n);
    assertThat(chosen)
        .extracting(Coverage.Chosen::number)
        .doesNotHaveDuplicates()
        .hasSize(n - (n + 6) / 7);
    for (Coverage.Chosen one : chosen) {
      assertThat(open[one.number()]).isTrue();
      double best =
          IntStream.range(0, n)
              .filter(i -> open[i])
              .mapToDouble(i -> drawn.gain(i, covered))
              .max()
              .orElseThrow();
      assertThat(one.gain()).isCloseTo(best, within(1e-5));
      assertThat(drawn.gain(one.number(), covered)).isCloseTo(best, within(1e-5));
      open[one.number()] = false;
      Arrays.setAll(covered, j -> Math.max(covered[j], drawn.covers[one.number()][j]));
    }
  }

  @Test
  void samplesWithoutNeighboursAreChosenByTheirWeightAndNumber() {
    List<Near> none = List.of(alone(), alone(), alone(), alone());
    boolean[] open = {true, true, true, false};
    assertThat(Coverage.of(none, 1, new float[] {1, 2, 2, 9}).choose(open, 9))
        .extracting(Coverage.Chosen::number)
        .containsExactly(1, 2, 0);
  }

  private static Near alone() {
    return new Near(new int[0], new float[0]);
  }
}
