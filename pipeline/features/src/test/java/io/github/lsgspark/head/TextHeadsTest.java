package io.github.lsgspark.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Heads that know the texts of classes, against the whole systems written out. */
class TextHeadsTest {

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static HeadSettings settings(String hocon) {
    return SettingsLoader.parse(hocon).head();
  }

  private static double[][] kernel(ClassTexts texts, double prior) {
    int classes = texts.classes();
    double[][] kernel = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      for (int b = 0; b < classes; b++) {
        double cosine = PlainFits.dot(PlainFits.text(texts, a), PlainFits.text(texts, b));
        kernel[a][b] = (a == b ? 1 : 0) + prior * Math.max(0, cosine);
      }
    }
    return kernel;
  }

  /** (I + a L)⁻¹ of classes that are all each other's neighbours. */
  private static double[][] laplacian(ClassTexts texts, double prior) {
    int classes = texts.classes();
    double[][] joined = kernel(texts, 1);
    double[] degrees = new double[classes];
    for (int a = 0; a < classes; a++) {
      joined[a][a] = 0;
      degrees[a] = Arrays.stream(joined[a]).sum();
    }
    double[][] inverse = new double[classes][classes];
    double[][] one = new double[classes][classes];
    for (int a = 0; a < classes; a++) {
      one[a][a] = 1;
      for (int b = 0; b < classes; b++) {
        double part = joined[a][b] == 0 ? 0 : joined[a][b] / Math.sqrt(degrees[a] * degrees[b]);
        inverse[a][b] = one[a][b] * (1 + (degrees[a] == 0 ? 0 : prior)) - prior * part;
      }
    }
    return PlainFits.solved(inverse, one);
  }

  /** W [C][d] of the kernel ridge on some samples, by one system of all rows and classes. */
  private static double[][] kernelRidge(
      PlainFits.Rows rows, double[][] kernel, double lambda, IntPredicate samples) {
    int classes = kernel.length;
    int[] own =
        IntStream.range(0, rows.x().length).filter(r -> samples.test(r / rows.views())).toArray();
    int n = own.length * classes;
    double[][] a = new double[n][n];
    double[][] y = new double[n][1];
    for (int i = 0; i < n; i++) {
      int row = own[i / classes];
      for (int j = 0; j < n; j++) {
        a[i][j] =
            PlainFits.dot(rows.x()[row], rows.x()[own[j / classes]])
                * kernel[i % classes][j % classes];
      }
      a[i][i] += lambda / rows.weight(row);
      y[i][0] = rows.labels()[row / rows.views()] == i % classes ? 1 : 0;
    }
    double[][] alpha = PlainFits.solved(a, y);
    double[][] w = new double[classes][rows.d()];
    for (int c = 0; c < classes; c++) {
      for (int j = 0; j < n; j++) {
        for (int k = 0; k < rows.d(); k++) {
          w[c][k] += alpha[j][0] * kernel[c][j % classes] * rows.x()[own[j / classes]][k];
        }
      }
    }
    return w;
  }

  @ParameterizedTest
  @CsvSource({
    "1, 9, 1, 30, 3, false, similarity",
    "2, 12, 2, 5, 3, false, laplacian",
    "3, 8, 2, 20, 4, false, similarity",
    "4, 10, 1, 6, 4, true, similarity",
    "5, 10, 1, 6, 4, true, laplacian",
    "6, 12, 1, 30, 5, false, laplacian",
    "7, 9, 3, 7, 2, true, laplacian"
  })
  void aTextPriorIsTheKernelRidgeOfRowsAndClasses(
      long seed, int samples, int views, int d, int classes, boolean distributed, String kind) {
    PlainFits.Rows rows = PlainFits.Rows.drawn(seed, samples, views, d, classes, distributed);
    ClassTexts texts = PlainFits.texts(seed, classes, 3);
    for (double prior : new double[] {0.4, 1.5}) {
      HeadSettings settings =
          settings(
              "head { lambdas = [0.1, 1], text-kernel = %s, text-prior = \"%s\" }"
                  .formatted(kind, prior));
      HeadKind.Fitted fitted;
      try (TensorScope scope = new TensorScope()) {
        fitted = new RidgeHead().fit(rows.labelled(Optional.of(texts)), settings);
      }
      double[][] kernel = kind.equals("laplacian") ? laplacian(texts, prior) : kernel(texts, prior);
      for (Candidate candidate : fitted.candidates()) {
        assertThat(candidate.prior()).isEqualTo(prior);
        int hits = 0;
        double entropy = 0;
        for (int i = 0; i < samples; i++) {
          int out = i;
          double[][] w = kernelRidge(rows, kernel, candidate.parameter(), one -> one != out);
          double[] scores = PlainFits.scores(w, rows.x()[i * views]);
          hits += PlainFits.largest(scores) == rows.labels()[i] ? 1 : 0;
          entropy += PlainFits.entropy(scores, rows.labels()[i], candidate.temperature());
        }
        assertThat(candidate.accuracy()).isCloseTo((double) hits / samples, within(1e-9));
        assertThat(candidate.crossEntropy()).isCloseTo(entropy / samples, within(1e-6));
      }
      double[][] whole = kernelRidge(rows, kernel, fitted.best().parameter(), one -> true);
      for (int c = 0; c < classes; c++) {
        for (int k = 0; k < d; k++) {
          assertThat(fitted.head().weight()[c * d + k]).isCloseTo(whole[c][k], within(1e-6));
        }
      }
    }
  }

  @Test
  void aPriorOfNothingIsTheRidge() {
    PlainFits.Rows rows = PlainFits.Rows.drawn(7, 20, 1, 8, 4, false);
    ClassTexts texts = PlainFits.texts(7, 4, 3);
    HeadKind.Fitted plain = new RidgeHead().fit(rows.labelled(Optional.empty()), settings(""));
    HeadKind.Fitted chosen =
        new RidgeHead().fit(rows.labelled(Optional.of(texts)), settings("head.text-prior = auto"));
    assertThat(chosen.candidates()).hasSize(4 * plain.candidates().size());
    for (int i = 0; i < plain.candidates().size(); i++) {
      assertThat(chosen.candidates().get(i).prior()).isZero();
      assertThat(chosen.candidates().get(i).crossEntropy())
          .isCloseTo(plain.candidates().get(i).crossEntropy(), within(1e-9));
    }
    assertThat(chosen.best().crossEntropy()).isLessThan(plain.best().crossEntropy() + 1e-9);
  }

  private static double[][] targets(ClassTexts texts) {
    return IntStream.range(0, texts.classes())
        .mapToObj(c -> PlainFits.text(texts, c))
        .toArray(double[][]::new);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 40, 1, 60, 12, false",
    "2, 30, 2, 9, 11, false",
    "3, 25, 1, 8, 5, false",
    "4, 30, 2, 7, 9, true"
  })
  void theMapToTextsIsARidgeJudgedByClassesLeftOut(
      long seed, int samples, int views, int d, int classes, boolean distributed) {
    PlainFits.Rows rows = PlainFits.Rows.drawn(seed, samples, views, d, classes, distributed);
    ClassTexts texts = PlainFits.texts(seed, classes + 1, 4);
    TextMap map;
    LabelledRows labelled = rows.labelled(Optional.empty());
    // One more class, which has no sample.
    LabelledRows open = new OneMore(labelled);
    map = TextRidge.fit(open, texts, settings(""));
    double[][] targets = targets(texts);
    double[][] whole = PlainFits.ridge(rows, targets, map.lambda(), one -> true);
    for (int i = 0; i < d; i++) {
      for (int k = 0; k < 4; k++) {
        assertThat(map.weight()[k * d + i]).isCloseTo(whole[i][k], within(2e-6));
      }
    }
    if (distributed) {
      assertThat(map.tried()).isEmpty();
      assertThat(map.lambda()).isEqualTo(0.3);
      return;
    }
    int parts = Math.min(5, classes / 2);
    double largest = 0;
    for (TextMap.Judged judged : map.tried()) {
      int hits = 0;
      for (int i = 0; i < samples; i++) {
        int part = rows.labels()[i] % parts;
        double[][] v =
            PlainFits.ridge(
                rows, targets, judged.lambda(), one -> rows.labels()[one] % parts != part);
        double[] place = PlainFits.mapped(rows.x()[i * views], v);
        double[] cosines = new double[classes];
        for (int c = 0; c < classes; c++) {
          cosines[c] =
              c % parts == part ? PlainFits.dot(place, targets[c]) : Double.NEGATIVE_INFINITY;
        }
        hits += PlainFits.largest(cosines) == rows.labels()[i] ? 1 : 0;
      }
      assertThat(judged.accuracy()).isCloseTo((double) hits / samples, within(1e-9));
      largest = Math.max(largest, judged.accuracy());
    }
    double best = largest;
    assertThat(map.tried()).anyMatch(one -> one.lambda() == map.lambda() && one.accuracy() == best);
    assertThat(TextRidge.fit(open, texts, settings("head.by-name-lambda = \"0.07\"")).lambda())
        .isEqualTo(0.07);
  }

  /** Rows of a set of classes that has one more. */
  private record OneMore(LabelledRows rows) implements LabelledRows {
    @Override
    public ClassCounts classes() {
      ClassCounts own = rows.classes();
      long[] counts = Arrays.copyOf(own.counts(), own.size() + 1);
      double[] weights = Arrays.copyOf(own.weights(), own.size() + 1);
      List<String> names = IntStream.range(0, counts.length).mapToObj(c -> "c" + c).toList();
      return new ClassCounts(names, counts, weights);
    }

    @Override
    public int views() {
      return rows.views();
    }

    @Override
    public int dimension() {
      return rows.dimension();
    }

    @Override
    public double[] sum(Term term) {
      return rows.sum(term);
    }

    @Override
    public Tensor dual() {
      return rows.dual();
    }

    @Override
    public int[] dualLabels() {
      return rows.dualLabels();
    }

    @Override
    public Tensor held() {
      return rows.held();
    }
  }

  private static ClassSums sums(int id, String label, double... train) {
    return new ClassSums(id, label, 2, train, 0, new double[train.length]);
  }

  @Test
  void textsAreCentredAndOfUnitLength() {
    ClassTexts texts =
        ClassTexts.of(List.of("a", "b"), List.of(sums(0, "b", 4, 2), sums(1, "a", 0, 2)), "embed");
    assertThat(texts.vectors()).containsExactly(-1, 0, 1, 0);
    assertThat(texts.shuffled(new int[] {1, 0}).vectors()).containsExactly(1, 0, -1, 0);
    assertThatThrownBy(() -> ClassTexts.of(List.of("a", "c"), List.of(sums(0, "a", 4, 2)), "embed"))
        .isInstanceOf(LsgException.class)
        .hasMessage("embed: no text embedding for the label c");
    assertThatThrownBy(
            () ->
                ClassTexts.of(
                    List.of("a", "b"), List.of(sums(0, "b", 4, 2), sums(1, "a", 4, 2)), "embed"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("the text of class a is the mean of all texts");
  }
}
