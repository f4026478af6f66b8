package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.function.IntFunction;

/**
 * The vectors of all text nodes, as broadcast to the executors.
 *
 * @param raw row-major [count, dimension] as given
 * @param unit the same with rows of length one
 * @param classes class of each node
 */
record NodeVectors(int count, int dimension, double[] raw, double[] unit, int[] classes)
    implements Serializable {

  /**
   * @param name how to call node i in an error
   * @throws LsgException if a vector is zero or not finite: it has no direction
   */
  static NodeVectors of(float[][] rows, int[] classes, IntFunction<String> name) {
    int dimension = rows.length == 0 ? 0 : rows[0].length;
    double[] raw = new double[Math.multiplyExact(rows.length, dimension)];
    double[] unit = new double[raw.length];
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].length != dimension) {
        throw LsgException.input(
            "the embedding of "
                + name.apply(i)
                + " has "
                + rows[i].length
                + " numbers, others have "
                + dimension);
      }
      double squares = 0;
      for (int d = 0; d < dimension; d++) {
        double value = rows[i][d];
        raw[i * dimension + d] = value;
        squares += value * value;
      }
      double length = Math.sqrt(squares);
      if (!(length > 0) || Double.isInfinite(length)) {
        throw LsgException.input(
            "the embedding of " + name.apply(i) + " has length " + length + ", so no direction");
      }
      for (int d = 0; d < dimension; d++) {
        unit[i * dimension + d] = raw[i * dimension + d] / length;
      }
    }
    return new NodeVectors(rows.length, dimension, raw, unit, classes.clone());
  }

  /** Cosine of two nodes, summed in double in the order of the components. */
  double cosine(int i, int j) {
    double sum = 0;
    for (int d = 0, a = i * dimension, b = j * dimension; d < dimension; d++) {
      sum += unit[a + d] * unit[b + d];
    }
    return sum;
  }

  /** The unit vectors in float32. */
  float[] floats() {
    float[] floats = new float[unit.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) unit[i];
    }
    return floats;
  }

  boolean sameClass(int i, int j) {
    return classes[i] == classes[j];
  }

  /** Ordered pairs of nodes of one class, self pairs included: C P² for P prompts each. */
  long sameClassPairs() {
    int classCount = 0;
    for (int c : classes) {
      classCount = Math.max(classCount, c + 1);
    }
    long[] sizes = new long[classCount];
    for (int c : classes) {
      sizes[c]++;
    }
    long pairs = 0;
    for (long size : sizes) {
      pairs += size * size;
    }
    return pairs;
  }
}
