package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.torch.NativeTorch;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gaussian classes beside texts, against covariances of each left-out sample in plain loops. */
class TextGaussianHeadTest {
  private static final HeadSettings SETTINGS = SettingsLoader.parse("").head();

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** Unit rows, with the classes in turns but for the last of them, which may have none. */
  private static PlainFits.Rows drawn(
      long seed, int samples, int d, int classes, int known, double noise, boolean distributed) {
    Random random = new Random(seed);
    double[][] centres = new double[classes][d];
    for (double[] centre : centres) {
      Arrays.setAll(centre, i -> random.nextGaussian());
    }
    int[] labels = new int[samples];
    double[][] x = new double[samples][d];
    float[] values = new float[samples * d];
    for (int i = 0; i < samples; i++) {
      labels[i] = i % known;
      for (int j = 0; j < d; j++) {
        values[i * d + j] = (float) (centres[labels[i]][j] + noise * random.nextGaussian());
        x[i][j] = values[i * d + j];
      }
      double length = Math.sqrt(PlainFits.dot(x[i], x[i]));
      for (int j = 0; j < d; j++) {
        x[i][j] /= length;
      }
    }
    return new PlainFits.Rows(x, values, labels, 1, classes, distributed);
  }

  /** Of the rows, their number and sizes. */
  private static DrawnSamples sizes(PlainFits.Rows rows) {
    return new DrawnSamples(0, rows.x().length, 1, rows.d(), rows.classes(), false, false);
  }

  /** Scores of a sample by the others, and by the texts. */
  private static double[] scores(
      PlainFits.Rows rows, int without, double[] x, ClassTexts texts, Candidate candidate) {
    double share = candidate.parameter();
    double[][] a = PlainCovariance.covariance(rows.x(), rows.labels(), sizes(rows), without);
    double trace =
        PlainCovariance.trace(PlainCovariance.covariance(rows.x(), rows.labels(), sizes(rows), -1))
            / rows.d();
    for (int j = 0; j < a.length; j++) {
      for (int k = 0; k < a.length; k++) {
        a[j][k] = (1 - share) * a[j][k] + (j == k ? share * trace : 0);
      }
    }
    double[][] means = PlainCovariance.means(rows.x(), rows.labels(), sizes(rows), without);
    double[] scores = new double[rows.classes()];
    double known = 0;
    double sum = 0;
    for (int c = 0; c < scores.length; c++) {
      double[] apart = new double[rows.d()];
      for (int j = 0; j < apart.length; j++) {
        apart[j] = x[j] - means[c][j];
      }
      double[][] solved = PlainFits.solved(a, PlainCovariance.column(apart));
      for (int j = 0; j < apart.length; j++) {
        scores[c] -= 0.5 * apart[j] * solved[j][0];
      }
      if (rows.counts().counts()[c] > 0) {
        known++;
        sum += scores[c];
      }
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] = rows.counts().counts()[c] > 0 ? scores[c] : sum / known;
      for (int j = 0; j < x.length; j++) {
        scores[c] += candidate.prior() * x[j] * texts.plain()[c * x.length + j];
      }
    }
    return scores;
  }

  @ParameterizedTest
  @CsvSource({"1, 9, 6, 3, 3, false", "2, 12, 5, 4, 4, true", "3, 12, 6, 5, 4, false"})
  void leaveOneOutIsExact(
      long seed, int samples, int d, int classes, int known, boolean distributed) {
    PlainFits.Rows rows = drawn(seed, samples, d, classes, known, 1.2, distributed);
    ClassTexts texts = PlainFits.texts(seed, classes, d);
    HeadKind.Fitted fitted =
        new TextGaussianHead().fit(rows.labelled(Optional.of(texts)), SETTINGS);
    assertThat(fitted.candidates()).hasSize(6 * 7);
    for (Candidate candidate : fitted.candidates()) {
      int hits = 0;
      double entropy = 0;
      for (int i = 0; i < samples; i++) {
        double[] scores = scores(rows, i, rows.x()[i], texts, candidate);
        hits += PlainFits.largest(scores) == rows.labels()[i] ? 1 : 0;
        entropy += PlainFits.entropy(scores, rows.labels()[i], candidate.temperature());
      }
      assertThat(candidate.accuracy()).isCloseTo((double) hits / samples, within(1e-9));
      assertThat(candidate.crossEntropy())
          .isCloseTo(entropy / samples, within(1e-4 * Math.max(1, entropy)));
    }
    double[] x = rows.x()[1];
    double[] whole = scores(rows, -1, x, texts, fitted.best());
    double[] head = new double[classes];
    for (int c = 0; c < classes; c++) {
      head[c] = fitted.head().bias()[c];
      for (int j = 0; j < d; j++) {
        head[c] += fitted.head().weight()[c * d + j] * x[j];
      }
    }
    for (int c = 1; c < classes; c++) {
      assertThat(head[c] - head[0]).isCloseTo(whole[c] - whole[0], within(1e-6));
    }
  }

  /** Without a factor it is gda. */
  @Test
  void gdaIsAmongWhatIsTried() {
    PlainFits.Rows rows = drawn(7, 16, 6, 4, 4, 1.2, false);
    ClassTexts texts = PlainFits.texts(7, 4, 6);
    double[] gda =
        new GaussianHead()
            .fit(rows.labelled(Optional.empty()), SETTINGS).candidates().stream()
                .mapToDouble(Candidate::crossEntropy)
                .toArray();
    double[] plain =
        new TextGaussianHead()
            .fit(rows.labelled(Optional.of(texts)), SETTINGS).candidates().stream()
                .filter(candidate -> candidate.prior() == 0)
                .mapToDouble(Candidate::crossEntropy)
                .toArray();
    assertThat(plain).containsExactly(gda, within(1e-9));
  }

  @Test
  void textsCountAsMuchAsTheyHelp() {
    PlainFits.Rows rows = drawn(3, 12, 40, 6, 6, 4, false);
    ClassTexts good = PlainFits.describing(rows);
    int[] to = {1, 2, 3, 4, 5, 0};
    HeadKind.Fitted own = new TextGaussianHead().fit(rows.labelled(Optional.of(good)), SETTINGS);
    HeadKind.Fitted shuffled =
        new TextGaussianHead().fit(rows.labelled(Optional.of(good.shuffled(to))), SETTINGS);
    assertThat(own.best().prior()).isPositive();
    assertThat(own.best().crossEntropy()).isLessThan(shuffled.best().crossEntropy());
  }
}
