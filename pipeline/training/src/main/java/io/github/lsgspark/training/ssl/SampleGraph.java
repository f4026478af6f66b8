package io.github.lsgspark.training.ssl;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.CsrMatrix;
import java.util.Arrays;

/**
 * The nearest samples of each, [n,count], by which samples become a graph: two are joined if one is
 * among the other's nearest.
 */
final class SampleGraph {
  private final int samples;
  private final int count;
  private final int[] rows;
  private final int[] columns;
  private final double[] weights;

  /**
   * @param count nearest ones of each
   * @throws LsgException if their edges do not fit an array
   */
  SampleGraph(int samples, int count) {
    if (2L * samples * count > Integer.MAX_VALUE - 8) {
      throw LsgException.usage(
          "ssl.propagation.neighbours = %d of %d samples are more edges than fit an array: set it lower"
              .formatted(count, samples));
    }
    this.samples = samples;
    this.count = count;
    this.rows = new int[samples * count];
    this.columns = new int[samples * count];
    this.weights = new double[samples * count];
    Arrays.setAll(rows, edge -> edge / count);
  }

  /** Sets the i-th nearest of a sample. */
  void set(int sample, int i, int nearest, double weight) {
    columns[sample * count + i] = nearest;
    weights[sample * count + i] = weight;
  }

  /** D^-1/2 W D^-1/2, with W symmetric. */
  CsrMatrix normalized() {
    CsrMatrix nearest = CsrMatrix.of(samples, rows, columns, weights);
    return nearest.union(nearest.transpose()).scaledByDegrees();
  }
}
