package io.github.lsgspark.graph.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlainBlockProductTest {

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "3, 255, 7", "2, 256, 33", "5, 257, 64", "300, 600, 16"})
  void isTheSumOfProducts(int n, int m, int dimension) {
    double[] a = random(n * dimension, 1);
    double[] b = random(m * dimension, 2);
    BlockProduct product = new PlainBlockProduct();
    double[] doubles = product.doubles(a, n, b, m, dimension);
    int from = n / 2;
    int start = m / 3;
    float[] floats;
    try (BlockProduct.Rows rows = product.rows(floats(a), n, dimension);
        BlockProduct.Rows others = product.rows(floats(b), m, dimension)) {
      floats = rows.times(from, n - from, others, start, m - start);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < m; j++) {
        double sum = 0;
        for (int d = 0; d < dimension; d++) {
          sum += a[i * dimension + d] * b[j * dimension + d];
        }
        assertThat(doubles[i * m + j]).isEqualTo(sum);
        if (i >= from && j >= start) {
          assertThat((double) floats[(i - from) * (m - start) + j - start])
              .isCloseTo(sum, within(dimension * 0x1p-23));
        }
      }
    }
  }

  private static double[] random(int size, long seed) {
    return new SplittableRandom(seed).doubles(size, -1, 1).map(v -> (float) v).toArray();
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
