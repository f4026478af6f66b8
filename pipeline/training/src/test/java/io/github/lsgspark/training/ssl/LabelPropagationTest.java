package io.github.lsgspark.training.ssl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SslSettings.PropagationSettings;
import io.github.lsgspark.torch.ComputeDevice;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelPropagationTest {

  private static float[] propagated(
      String keys, double[] shares, float[] features, float[] probabilities) {
    PropagationSettings settings =
        SettingsLoader.parse("ssl.propagation { enabled = true, " + keys + " }")
            .ssl()
            .propagation();
    return new LabelPropagation(settings, shares, ComputeDevice.cpu()).of(features, probabilities);
  }

  /** The definition, written out with full matrices. */
  private static double[][] expected(
      float[] features, float[] probabilities, int count, int neighbours, double alpha) {
    int dimension = features.length / count;
    int classes = probabilities.length / count;
    double[][] rows = new double[count][dimension];
    for (int k = 0; k < dimension; k++) {
      double mean = 0;
      for (int i = 0; i < count; i++) {
        float value = features[i * dimension + k];
        rows[i][k] = Math.signum(value) * Math.sqrt(Math.abs(value));
        mean += rows[i][k] / count;
      }
      for (int i = 0; i < count; i++) {
        rows[i][k] -= mean;
      }
    }
    double[][] w = new double[count][count];
    for (int i = 0; i < count; i++) {
      double[] cosines = new double[count];
      for (int j = 0; j < count; j++) {
        cosines[j] = j == i ? -2 : cosine(rows[i], rows[j]);
      }
      for (int taken = 0; taken < neighbours; taken++) {
        int best = 0;
        for (int j = 1; j < count; j++) {
          best = cosines[j] > cosines[best] ? j : best;
        }
        w[i][best] = w[best][i] = Math.pow(Math.max(0, cosines[best]), 3);
        cosines[best] = -2;
      }
    }
    double[] degrees = new double[count];
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < count; j++) {
        degrees[i] += w[i][j];
      }
    }
    double[][] y = new double[count][classes];
    for (int i = 0; i < count * classes; i++) {
      y[i / classes][i % classes] = probabilities[i];
    }
    for (int round = 0; round < 15; round++) {
      double[][] next = new double[count][classes];
      for (int i = 0; i < count; i++) {
        for (int c = 0; c < classes; c++) {
          next[i][c] = (1 - alpha) * probabilities[i * classes + c];
          for (int j = 0; j < count; j++) {
            if (w[i][j] > 0) {
              next[i][c] += alpha * w[i][j] / Math.sqrt(degrees[i] * degrees[j]) * y[j][c];
            }
          }
        }
      }
      y = next;
    }
    return y;
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double first = 0;
    double second = 0;
    for (int k = 0; k < a.length; k++) {
      product += a[k] * b[k];
      first += a[k] * a[k];
      second += b[k] * b[k];
    }
    return product / Math.sqrt(first * second);
  }

  @Test
  void isTheIterationOfItsDefinition() {
    int count = 60;
    int classes = 4;
    Random random = new Random(5);
    float[] features = new float[count * 8];
    for (int i = 0; i < features.length; i++) {
      features[i] = (float) random.nextGaussian();
    }
    float[] probabilities = new float[count * classes];
    for (int i = 0; i < count; i++) {
      probabilities[i * classes + random.nextInt(classes)] = 1;
    }
    double[] shares = {0.1, 0.2, 0.3, 0.4};
    double[][] dense = expected(features, probabilities, count, 5, 0.7);
    float[] plain =
        propagated("neighbours = 5, alpha = 0.7, balance = false", shares, features, probabilities);
    float[] balanced =
        propagated("neighbours = 5, alpha = 0.7, balance = true", shares, features, probabilities);
    double[] columns = new double[classes];
    for (double[] row : dense) {
      for (int c = 0; c < classes; c++) {
        columns[c] += row[c];
      }
    }
    for (int i = 0; i < count; i++) {
      double sum = 0;
      double scaled = 0;
      for (int c = 0; c < classes; c++) {
        sum += dense[i][c];
        scaled += dense[i][c] * shares[c] / columns[c];
      }
      for (int c = 0; c < classes; c++) {
        assertThat((double) plain[i * classes + c]).isCloseTo(dense[i][c] / sum, within(1e-5));
        assertThat((double) balanced[i * classes + c])
            .isCloseTo(dense[i][c] * shares[c] / columns[c] / scaled, within(1e-5));
      }
    }
  }

  /**
   * Two clouds, all a little more like class 0 but five certain ones of class 1: their cloud
   * follows.
   */
  @Test
  void whatLooksAlikeIsCalledAlike() {
    int each = 20;
    Random random = new Random(3);
    float[] features = new float[2 * each * 2];
    float[] probabilities = new float[2 * each * 2];
    for (int i = 0; i < 2 * each; i++) {
      int cloud = i / each;
      features[2 * i + cloud] = 4 + random.nextFloat();
      features[2 * i + 1 - cloud] = random.nextFloat();
      probabilities[2 * i] = 0.52f;
      probabilities[2 * i + 1] = 0.48f;
    }
    for (int i = each; i < each + 5; i++) {
      probabilities[2 * i] = 0;
      probabilities[2 * i + 1] = 1;
    }
    float[] found =
        propagated("neighbours = 5, alpha = 0.9", new double[] {0.5, 0.5}, features, probabilities);
    for (int i = 0; i < 2 * each; i++) {
      assertThat(found[2 * i + i / each]).as("sample %d", i).isGreaterThan(0.5f);
    }
  }

  @Test
  void fewSamplesHaveFewNeighboursAndALoneOneKeepsItsOwn() {
    float[] one =
        propagated("", new double[] {0.5, 0.5}, new float[] {1, 2}, new float[] {0.3f, 0.7f});
    assertThat(one[0]).isCloseTo(0.5f, within(1e-6f));
    float[] opposite =
        propagated(
            "balance = false",
            new double[] {0.5, 0.5},
            new float[] {1, -1, -1, 1},
            new float[] {0.3f, 0.7f, 0.9f, 0.1f});
    assertThat(opposite).containsExactly(new float[] {0.3f, 0.7f, 0.9f, 0.1f}, within(1e-6f));
  }

  @Test
  void moreEdgesThanFitAnArrayAreRefused() {
    assertThatThrownBy(() -> new SampleGraph(2_000_000, 1000))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("ssl.propagation.neighbours = 1000 of 2000000 samples");
  }
}
