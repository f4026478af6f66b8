package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.NativeTorch;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Samples and texts blended in one regression, by what holds at its minimum. */
class TextLogisticHeadTest {
  private static final HeadSettings SETTINGS =
      SettingsLoader.parse(
              "head { kind = text-logistic,"
                  + " logistic { lambdas = [0.3, 1], folds = 3, tolerance = 1e-9 } }")
          .head();

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static HeadKind.Fitted fit(PlainFits.Rows rows, ClassTexts texts) {
    return new TextLogisticHead().fit(rows.labelled(Optional.of(texts)), SETTINGS);
  }

  /**
   * Where the gradient by α is nothing, W lies across the texts; so the part of the weights across
   * them, times λ, is minus the gradient.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 18, 1, 25, 3, false",
    "2, 24, 2, 6, 4, false",
    "3, 20, 1, 5, 3, true",
    "4, 12, 2, 40, 3, false"
  })
  void theGradientByWeightsAndFactorsIsNothing(
      long seed, int samples, int views, int d, int classes, boolean distributed) {
    PlainFits.Rows rows = PlainFits.Rows.drawn(seed, samples, views, d, classes, distributed);
    ClassTexts texts = PlainFits.texts(seed, classes, d);
    HeadKind.Fitted fitted = fit(rows, texts);
    double[][] weight = new double[classes][];
    for (int c = 0; c < classes; c++) {
      weight[c] = Arrays.copyOfRange(fitted.head().weight(), c * d, (c + 1) * d);
    }
    double[][] gradient = PlainFits.crossEntropyGradient(rows, weight, one -> true);
    for (int c = 0; c < classes; c++) {
      double[] text = Arrays.copyOfRange(texts.plain(), c * d, (c + 1) * d);
      double along = PlainFits.dot(weight[c], text) / PlainFits.dot(text, text);
      for (int k = 0; k < d; k++) {
        double across = weight[c][k] - along * text[k];
        assertThat(gradient[c][k]).isCloseTo(-fitted.best().parameter() * across, within(1e-5));
      }
    }
    assertThat(fitted.candidates()).hasSize(2);
    assertThat(new TextLogisticHead().judgement(SETTINGS)).isEqualTo("3 folds");
  }

  @Test
  void textsThatDescribeTheirClassesHelp() {
    PlainFits.Rows rows = PlainFits.Rows.drawn(3, 18, 1, 40, 6, false);
    ClassTexts good = PlainFits.describing(rows);
    ClassTexts wrong = good.shuffled(new int[] {1, 2, 3, 4, 5, 0});
    assertThat(fit(rows, good).best().crossEntropy())
        .isLessThan(fit(rows, wrong).best().crossEntropy());
  }

  /** A class that no sample has scores by its text and the others' mean factor. */
  @Test
  void aClassWithoutSamplesHasItsText() {
    double[] texts = {1, 0, 0, 1, 3, 4};
    double[] point = {5, 6, 7, 8, 9, 9, 10, 20, 99};
    ClassCounts counts =
        ClassCounts.of(
            List.of("a", "b", "c"), new long[] {2, 2, 0}, HeadSettings.ClassWeights.BALANCED);
    assertThat(new WeightForm(3, 2, texts).withoutSamples(point, counts))
        .containsExactly(15, 6, 7, 28, 45, 60);
  }
}
