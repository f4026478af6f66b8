package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ridge regression, against a refit without each sample. */
class RidgeHeadTest {

  private static double[] classWeights(Drawn drawn, boolean balanced) {
    double[] counts = new double[drawn.classes().size()];
    drawn.rows().stream().filter(r -> r.label() >= 0).forEach(r -> counts[r.label()]++);
    double total = Arrays.stream(counts).sum();
    return Arrays.stream(counts)
        .map(count -> balanced ? total / counts.length / count : 1)
        .toArray();
  }

  @ParameterizedTest
  @CsvSource({
    // classes, per class, unlabelled, views, length 0, length 1, partitions, balanced
    "2, 2, 0, 1, 3, 3, 1, true",
    "3, 2, 2, 1, 20, 10, 1, true",
    "5, 4, 3, 1, 6, 5, 1, false",
    "5, 4, 3, 1, 6, 5, 3, true",
    "20, 3, 1, 1, 12, 9, 4, true",
    "4, 3, 1, 2, 40, 8, 2, true",
    "4, 5, 2, 3, 9, 7, 3, true",
  })
  void leavingOutIsARefit(
      int classes,
      int perClass,
      int unlabelled,
      int views,
      int length0,
      int length1,
      int partitions,
      boolean balanced) {
    Drawn drawn = Drawn.of(7, classes, perClass, unlabelled, views, length0, length1);
    double[] weights = classWeights(drawn, balanced);
    double[][] x = PlainRidge.transform(drawn.rows(), 0, length0 + length1);
    for (double lambda : new double[] {0.03, 1}) {
      String keys =
          "layers = [layer0, layer1], lambda = %s, class-weights = %s"
              .formatted(lambda, balanced ? "balanced" : "none");
      try (Heads heads = new Heads(Drawn.spark(), drawn.input(partitions), Drawn.settings(keys))) {
        HeadFit fit = heads.fit();
        Map<String, double[]> expected =
            PlainRidge.leftOut(drawn.rows(), x, classes, weights, lambda);
        Map<String, LeftOut> found =
            fit.leftOut().top(2).collect().stream()
                .collect(Collectors.toMap(LeftOut::id, one -> one));
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        double entropy = 0;
        for (LeftOut one : found.values()) {
          double[] p = PlainRidge.softmax(expected.get(one.id()), fit.choice().temperature());
          assertThat((double) one.own()).isCloseTo(p[one.label()], within(1e-5));
          assertThat((double) one.probabilities()[0])
              .isCloseTo(Arrays.stream(p).max().orElseThrow(), within(1e-5));
          entropy -= Math.log(p[one.label()]) / found.size();
        }
        assertThat(fit.choice().crossEntropy()).isCloseTo(entropy, within(2e-3));
        double[][] y = PlainRidge.oneHot(drawn.rows(), classes);
        double[] rowWeights =
            drawn.rows().stream()
                .mapToDouble(r -> r.label() < 0 ? 0 : weights[r.label()])
                .toArray();
        double[][] w = PlainRidge.solve(x, y, rowWeights, lambda);
        for (int c = 0; c < classes; c++) {
          for (int j = 0; j < w.length; j++) {
            assertThat((double) fit.head().weight()[c * w.length + j])
                .isCloseTo(w[j][c], within(1e-5));
          }
        }
      }
    }
  }

  @Test
  void primalIsDualAndPartitionsDoNotMatter() {
    Drawn drawn = Drawn.of(3, 6, 4, 2, 1, 30, 20);
    HeadFit dual = drawn.fit("layers = [layer0, layer1]", 2);
    double[] weights = classWeights(drawn, true);
    assertThat(weights).isNotNull();
    try (Heads heads =
        new Heads(Drawn.spark(), drawn.input(3), Drawn.settings("layers = [layer0, layer1]"))) {
      HeadProblem problem = heads.problem();
      assertThat(problem.labelled().isLocal()).isTrue();
      Rows spread = Rows.of(heads.pool().map(Block::labelled).filter(block -> block.count() > 0));
      PrimalRidge primal = PrimalRidge.of(spread, problem.transforms().get(0), problem.balance());
      double[] weight = primal.weight(dual.choice().parameter());
      for (int i = 0; i < weight.length; i++) {
        assertThat((double) dual.head().weight()[i]).isCloseTo(weight[i], within(1e-5));
      }
      LeftOutSums.Pass pass =
          new LeftOutSums.Pass(
              PrimalRidge.scorer(
                  Drawn.spark(),
                  primal,
                  problem.transforms().get(0),
                  problem.balance(),
                  List.of(dual.choice().parameter())),
              RidgeHead.TEMPERATURES,
              1);
      HeadChoice choice =
          spread.sum(pass).choice(dual.choice().layers(), 0, 0, RidgeHead.TEMPERATURES);
      assertThat(choice.accuracy()).isEqualTo(dual.choice().accuracy());
      assertThat(choice.crossEntropy()).isCloseTo(dual.choice().crossEntropy(), within(1e-8));
      assertThat(choice.temperature()).isCloseTo(dual.choice().temperature(), within(1e-6));
    }
  }

  @Test
  void setsOfLayersAreTried() {
    HeadFit fit = Drawn.of(4, 3, 4, 0, 1, 4, 5, 6).fit("layer-sets = [\"layer0+layer2\"]", 1);
    assertThat(fit.candidates().stream().map(c -> c.layers().label()).distinct())
        .containsExactly("layer0+layer1+layer2", "layer1+layer2", "layer2", "layer0+layer2");
    assertThat(fit.candidates()).hasSize(20);
    assertThat(fit.candidates())
        .allSatisfy(
            c -> assertThat(c.crossEntropy()).isGreaterThanOrEqualTo(fit.choice().crossEntropy()));
    HeadFit byAccuracy = Drawn.of(4, 3, 4, 0, 1, 4, 5, 6).fit("choose-by = accuracy", 1);
    assertThat(byAccuracy.candidates())
        .allSatisfy(
            c -> assertThat(c.accuracy()).isLessThanOrEqualTo(byAccuracy.choice().accuracy()));
  }

  @Test
  void scaleOfFeaturesDoesNotMatter() {
    Drawn drawn = Drawn.of(5, 4, 3, 2, 1, 7, 6);
    Drawn scaled =
        new Drawn(
            drawn.rows().stream()
                .map(
                    row -> {
                      float[] values = row.values().clone();
                      for (int i = 0; i < values.length; i++) {
                        values[i] *= 4;
                      }
                      return new Features(row.id(), row.label(), values);
                    })
                .toList(),
            drawn.classes(),
            drawn.slices());
    assertThat(scaled.fit("", 1).choice().crossEntropy())
        .isCloseTo(drawn.fit("", 1).choice().crossEntropy(), within(1e-6));
  }

  @Test
  void halfWhiteningBringsVariancesTogether() {
    Drawn drawn = Drawn.of(6, 4, 6, 10, 1, 5, 4);
    HeadFit fit = drawn.fit("whitening = half, layers = [layer0, layer1]", 2);
    FeatureTransform transform = fit.transform();
    assertThat(transform.whitening()).isNotNull();
    double[][] x = PlainRidge.transform(drawn.rows(), 0, 9);
    double[] mean = new double[9];
    for (double[] row : x) {
      for (int j = 0; j < 9; j++) {
        mean[j] += row[j] / x.length;
      }
    }
    assertThat(transform.whitening().offset()).containsExactly(mean, within(1e-9));
    // Aᵀ C A has the variances s / sqrt(s + mean(s) / 10) in its diagonal, and nothing beside it.
    double[] a = transform.whitening().matrix();
    double[][] z = new double[x.length][9];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < 9; j++) {
        for (int k = 0; k < 9; k++) {
          z[i][k] += (x[i][j] - mean[j]) * a[j * 9 + k];
        }
      }
    }
    for (int p = 0; p < 9; p++) {
      for (int q = 0; q < p; q++) {
        double product = 0;
        for (double[] row : z) {
          product += row[p] * row[q] / x.length;
        }
        assertThat(product).isCloseTo(0, within(1e-9));
      }
    }
  }

  @Test
  void faultsAreNamed() {
    Drawn drawn = Drawn.of(8, 3, 2, 0, 1, 4, 4);
    Drawn without = new Drawn(drawn.rows(), List.of("cat", "dog", "cow", "owl"), drawn.slices());
    assertThatThrownBy(() -> without.fit("", 1))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("owl");
    assertThatThrownBy(() -> drawn.fit("layers = [layer7]", 1))
        .hasMessageContaining("head.layers: the features have no layer layer7");
    assertThatThrownBy(() -> Drawn.settings("lambda = -1"))
        .hasMessageContaining("lambda must be auto or in");
    assertThatThrownBy(() -> Drawn.settings("lambda = much"))
        .hasMessageContaining("lambda must be auto or a number, but was: much");
    assertThatThrownBy(() -> Drawn.settings("lambdas = []")).hasMessageContaining("lambdas");
    assertThatThrownBy(() -> Drawn.settings("kind = svm"))
        .hasMessageContaining("head.kind must be one of ridge, nearest-mean");
  }

  @Test
  void nearestMeanWithoutASample() {
    Drawn drawn = Drawn.of(9, 4, 3, 2, 2, 6, 5);
    try (Heads heads =
        new Heads(
            Drawn.spark(),
            drawn.input(2),
            Drawn.settings("kind = nearest-mean, layers = [layer0, layer1]"))) {
      HeadFit fit = heads.fit();
      double[][] x = PlainRidge.transform(drawn.rows(), 0, 11);
      for (LeftOut one : fit.leftOut().top(4).collect()) {
        double[][] means = new double[4][11];
        double[] own = null;
        for (int i = 0; i < x.length; i++) {
          Features row = drawn.rows().get(i);
          if (row.id().equals(one.id())) {
            own = own == null ? x[i] : own;
          } else if (row.label() >= 0) {
            for (int j = 0; j < 11; j++) {
              means[row.label()][j] += x[i][j];
            }
          }
        }
        double[] scores = new double[4];
        for (int c = 0; c < 4; c++) {
          double squares = 0;
          for (int j = 0; j < 11; j++) {
            scores[c] += means[c][j] * own[j];
            squares += means[c][j] * means[c][j];
          }
          scores[c] /= Math.sqrt(squares);
        }
        assertThat((double) one.own())
            .isCloseTo(
                PlainRidge.softmax(scores, fit.choice().temperature())[one.label()], within(1e-5));
      }
    }
  }
}
