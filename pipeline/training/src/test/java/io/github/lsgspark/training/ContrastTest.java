package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.Autograd;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Contrastive losses against their formulas in plain loops, and their gradients against slopes. */
class ContrastTest {
  private static final int ROWS = 7;
  private static final int WIDTH = 4;
  private static final int CLASSES = 3;

  /** Class 2 has one row, which has no other to find. */
  private static final int[] LABELS = {0, 1, 0, 2, 1, 1, 0};

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  private static double[] drawn(int seed, int length) {
    Random random = new Random(seed);
    return random.doubles(length, -1, 1).toArray();
  }

  private static double[][] unitRows(double[] values, int rows) {
    int width = values.length / rows;
    double[][] unit = new double[rows][];
    for (int i = 0; i < rows; i++) {
      unit[i] = Arrays.copyOfRange(values, i * width, (i + 1) * width);
      double length = Math.sqrt(Arrays.stream(unit[i]).map(v -> v * v).sum());
      for (int j = 0; j < width; j++) {
        unit[i][j] /= length;
      }
    }
    return unit;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** Equation 2 of Khosla et al., mean over the anchors that have a positive. */
  private static double supervised(double[][] queries, double[][] keys, double temperature) {
    double sum = 0;
    int anchors = 0;
    for (int i = 0; i < ROWS; i++) {
      double all = 0;
      double found = 0;
      int positives = 0;
      for (int a = 0; a < ROWS; a++) {
        if (a != i) {
          double s = dot(queries[i], keys[a]) / temperature;
          all += Math.exp(s);
          if (LABELS[a] == LABELS[i]) {
            positives++;
            found += s;
          }
        }
      }
      if (positives > 0) {
        anchors++;
        sum += Math.log(all) - found / positives;
      }
    }
    return sum / anchors;
  }

  private static Tensor tensor(double[] values) {
    return Tensors.of(values, values.length / WIDTH, WIDTH);
  }

  private static double value(Optional<Tensor> loss) {
    return Tensors.item(loss.orElseThrow());
  }

  private static double[] gradient(double[] values, Function<Tensor, Optional<Tensor>> loss) {
    try (TensorScope scope = new TensorScope()) {
      Tensor leaf = Autograd.leaf(tensor(values));
      Autograd.backward(loss.apply(leaf).orElseThrow());
      return Tensors.doubles(Autograd.grad(leaf));
    }
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.07, 0.1, 1})
  void theSupervisedContrastIsTheFormula(double temperature) {
    double[] z = drawn(1, ROWS * WIDTH);
    double expected = supervised(unitRows(z, ROWS), unitRows(z, ROWS), temperature);
    try (TensorScope scope = new TensorScope()) {
      assertThat(value(SupervisedContrast.loss(tensor(z), LABELS, temperature)))
          .isCloseTo(expected, within(1e-5));
      assertThat(value(BiTuningProjections.loss(tensor(z), LABELS, temperature)))
          .as("only gradients differ")
          .isCloseTo(expected, within(1e-5));
    }
    double[] slopes = new double[z.length];
    double[] ofQueries = new double[z.length];
    double[][] keys = unitRows(z, ROWS);
    for (int i = 0; i < z.length; i++) {
      double[] more = z.clone();
      double[] less = z.clone();
      more[i] += 1e-6;
      less[i] -= 1e-6;
      double[][] up = unitRows(more, ROWS);
      double[][] down = unitRows(less, ROWS);
      slopes[i] = (supervised(up, up, temperature) - supervised(down, down, temperature)) / 2e-6;
      ofQueries[i] =
          (supervised(up, keys, temperature) - supervised(down, keys, temperature)) / 2e-6;
    }
    assertThat(gradient(z, leaf -> SupervisedContrast.loss(leaf, LABELS, temperature)))
        .containsExactly(slopes, within(1e-4));
    assertThat(gradient(z, leaf -> BiTuningProjections.loss(leaf, LABELS, temperature)))
        .containsExactly(ofQueries, within(1e-4));
  }

  @Test
  void rowsOfClassesOfTheirOwnHaveNoContrast() {
    try (TensorScope scope = new TensorScope()) {
      Tensor z = Tensors.of(drawn(2, 3 * WIDTH), 3, WIDTH);
      assertThat(SupervisedContrast.loss(z, new int[] {0, 1, 2}, 0.1)).isEmpty();
    }
  }

  /** Of row i: its own key first, which alone is of {@code queries}, then all others. */
  private static double scores(
      double[][] queries, double[][] keys, double[][] directions, double temperature) {
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      double[] direction = directions[LABELS[i]];
      double all = 0;
      double found = 0;
      int positives = 0;
      for (int j = 0; j < ROWS; j++) {
        double s = dot(direction, j == i ? queries[j] : keys[j]) / temperature;
        all += Math.exp(s);
        if (LABELS[j] == LABELS[i]) {
          positives++;
          found += s;
        }
      }
      sum += Math.log(all) - found / positives;
    }
    return sum / ROWS;
  }

  private static double[][] withOne(double[] features) {
    double[] wide = new double[ROWS * (WIDTH + 1)];
    for (int i = 0; i < ROWS; i++) {
      System.arraycopy(features, i * WIDTH, wide, i * (WIDTH + 1), WIDTH);
      wide[i * (WIDTH + 1) + WIDTH] = 1;
    }
    return unitRows(wide, ROWS);
  }

  @Test
  void theContrastOfScoresIsTheFormula() {
    double[] features = drawn(3, ROWS * WIDTH);
    double[] weights = drawn(4, CLASSES * (WIDTH + 1));
    double[][] directions = unitRows(weights, CLASSES);
    double[] flat = Arrays.stream(directions).flatMapToDouble(Arrays::stream).toArray();
    Function<Tensor, Optional<Tensor>> loss =
        tensor ->
            BiTuningScores.loss(
                tensor,
                Tensors.of(flat, CLASSES, WIDTH + 1),
                LABELS,
                Tensors.of(Arrays.stream(LABELS).asLongStream().toArray(), ROWS),
                0.5);
    double[][] keys = withOne(features);
    try (TensorScope scope = new TensorScope()) {
      assertThat(value(loss.apply(tensor(features))))
          .isCloseTo(scores(keys, keys, directions, 0.5), within(1e-5));
    }
    double[] slopes = new double[features.length];
    for (int i = 0; i < slopes.length; i++) {
      double[] more = features.clone();
      double[] less = features.clone();
      more[i] += 1e-6;
      less[i] -= 1e-6;
      slopes[i] =
          (scores(withOne(more), keys, directions, 0.5)
                  - scores(withOne(less), keys, directions, 0.5))
              / 2e-6;
    }
    assertThat(gradient(features, loss)).containsExactly(slopes, within(1e-5));
  }
}
