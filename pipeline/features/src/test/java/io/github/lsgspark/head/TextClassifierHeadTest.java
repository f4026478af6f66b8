package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.NativeTorch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Heads in the space of images and texts, against systems written out and solved for each sample.
 */
class TextClassifierHeadTest {
  private static final HeadSettings SETTINGS =
      SettingsLoader.parse("head.lambdas = [0.1, 1]").head();

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** W [C][d] = (X'ΩX + λI)⁻¹ (X'ΩY + λμT) of some samples. */
  private static double[][] fit(
      PlainFits.Rows rows, ClassTexts texts, double lambda, double factor, IntPredicate samples) {
    int d = rows.d();
    int classes = texts.classes();
    double[][] a = new double[d][d];
    double[][] b = new double[d][classes];
    for (int i = 0; i < d; i++) {
      a[i][i] = lambda;
      for (int c = 0; c < classes; c++) {
        b[i][c] = lambda * factor * texts.plain()[c * d + i];
      }
    }
    for (int row = 0; row < rows.x().length; row++) {
      if (samples.test(row / rows.views())) {
        double weight = rows.weight(row);
        for (int i = 0; i < d; i++) {
          for (int j = 0; j < d; j++) {
            a[i][j] += weight * rows.x()[row][i] * rows.x()[row][j];
          }
          b[i][rows.labels()[row / rows.views()]] += weight * rows.x()[row][i];
        }
      }
    }
    double[][] solved = PlainFits.solved(a, b);
    double[][] w = new double[classes][d];
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < d; i++) {
        w[c][i] = solved[i][c];
      }
    }
    return w;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 9, 1, 12, 3, false",
    "2, 12, 2, 5, 3, false",
    "3, 14, 1, 5, 4, true",
    "4, 9, 3, 7, 2, true"
  })
  void isTheMinimumAroundTheTextsAndLeaveOneOutIsExact(
      long seed, int samples, int views, int d, int classes, boolean distributed) {
    PlainFits.Rows rows = PlainFits.Rows.drawn(seed, samples, views, d, classes, distributed);
    ClassTexts texts = PlainFits.texts(seed, classes, d);
    HeadKind.Fitted fitted =
        new TextClassifierHead().fit(rows.labelled(Optional.of(texts)), SETTINGS);
    assertThat(fitted.candidates()).hasSize(2 * 5 + 1);
    for (Candidate candidate : fitted.candidates()) {
      int hits = 0;
      double entropy = 0;
      for (int i = 0; i < samples; i++) {
        int out = i;
        double[] x = rows.x()[i * views];
        double[][] w =
            fit(rows, texts, candidate.parameter(), candidate.prior(), one -> one != out);
        double[] scores = Arrays.stream(w).mapToDouble(own -> PlainFits.dot(own, x)).toArray();
        hits += PlainFits.largest(scores) == rows.labels()[i] ? 1 : 0;
        entropy += PlainFits.entropy(scores, rows.labels()[i], candidate.temperature());
      }
      assertThat(candidate.accuracy()).isCloseTo((double) hits / samples, within(1e-9));
      assertThat(candidate.crossEntropy()).isCloseTo(entropy / samples, within(1e-4));
    }
    Candidate best = fitted.best();
    double[][] whole = fit(rows, texts, best.parameter(), best.prior(), one -> true);
    for (int c = 0; c < classes; c++) {
      for (int k = 0; k < d; k++) {
        assertThat(fitted.head().weight()[c * d + k]).isCloseTo(whole[c][k], within(1e-6));
      }
    }
  }

  /** The ridge is among what is tried, and the texts alone are. */
  @Test
  void theRidgeAndZeroShotAreItsEnds() {
    PlainFits.Rows rows = PlainFits.Rows.drawn(7, 20, 1, 8, 4, false);
    ClassTexts texts = PlainFits.texts(7, 4, 8);
    List<Candidate> all =
        new TextClassifierHead().fit(rows.labelled(Optional.of(texts)), SETTINGS).candidates();
    List<Candidate> ridge =
        new RidgeHead().fit(rows.labelled(Optional.empty()), SETTINGS).candidates();
    for (int i = 0; i < ridge.size(); i++) {
      assertThat(all.get(i).prior()).isZero();
      assertThat(all.get(i).crossEntropy()).isCloseTo(ridge.get(i).crossEntropy(), within(1e-6));
    }
    HeadKind.Fitted zero = new ZeroShotHead().fit(rows.labelled(Optional.of(texts)), SETTINGS);
    assertThat(zero.head().weight()).containsExactly(texts.plain(), within(1e-12));
    assertThat(zero.candidates()).hasSize(1);
    assertThat(zero.best().accuracy()).isEqualTo(all.get(all.size() - 1).accuracy());
  }

  /** Where texts describe their classes they are used, and shuffled ones are not. */
  @Test
  void textsCountAsMuchAsTheyHelp() {
    PlainFits.Rows rows = PlainFits.Rows.drawn(3, 12, 1, 40, 6, false);
    ClassTexts good = PlainFits.describing(rows);
    int[] to = {1, 2, 3, 4, 5, 0};
    HeadKind.Fitted own = new TextClassifierHead().fit(rows.labelled(Optional.of(good)), SETTINGS);
    HeadKind.Fitted shuffled =
        new TextClassifierHead().fit(rows.labelled(Optional.of(good.shuffled(to))), SETTINGS);
    assertThat(own.best().prior()).isPositive();
    assertThat(own.best().crossEntropy()).isLessThan(shuffled.best().crossEntropy());
    assertThat(shuffled.best().prior()).isZero();
  }

  @Test
  void textsOfAnotherSpaceAreRefused() {
    PlainFits.Rows rows = PlainFits.Rows.drawn(7, 8, 1, 8, 4, false);
    assertThatThrownBy(
            () ->
                new ZeroShotHead()
                    .fit(rows.labelled(Optional.of(PlainFits.texts(7, 4, 5))), SETTINGS))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("the features have 8 numbers and the texts 5");
  }
}
