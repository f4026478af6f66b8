package io.github.lsgspark.graph.search;

import java.io.Serializable;

/**
 * The vectors of consecutive nodes.
 *
 * @param start number of the first node
 * @param dimension D
 * @param values row-major [count, D], as given
 * @param lengths [count], in double
 */
public record VectorBlock(int start, int dimension, float[] values, double[] lengths)
    implements Serializable {

  /** Number of nodes. */
  public int count() {
    return lengths.length;
  }

  /** Number after that of the last node. */
  public int end() {
    return start + count();
  }

  /** Component of a row's unit vector; 0 if the vector is zero. */
  private double unit(int row, int d) {
    return lengths[row] > 0 ? values[row * dimension + d] / lengths[row] : 0;
  }

  /** Writes the unit vector of a node in float32. */
  public void copyUnit(int node, float[] target, int at) {
    for (int d = 0; d < dimension; d++) {
      target[at + d] = (float) unit(node - start, d);
    }
  }

  /** The unit vectors in float32, row-major [count, D]. */
  public float[] unitFloats() {
    float[] unit = new float[values.length];
    for (int row = 0; row < count(); row++) {
      copyUnit(start + row, unit, row * dimension);
    }
    return unit;
  }

  /** The unit vectors of nodes [from, to), in double, row-major. */
  public double[] unitDoubles(int from, int to) {
    double[] unit = new double[(to - from) * dimension];
    for (int node = from; node < to; node++) {
      for (int d = 0; d < dimension; d++) {
        unit[(node - from) * dimension + d] = unit(node - start, d);
      }
    }
    return unit;
  }

  /** Cosine of two nodes, summed in double in the order of the components; 0 with a zero vector. */
  public static double cosine(VectorBlock a, int nodeOfA, VectorBlock b, int nodeOfB) {
    int row = nodeOfA - a.start;
    int column = nodeOfB - b.start;
    double sum = 0;
    for (int d = 0; d < a.dimension; d++) {
      sum += a.unit(row, d) * b.unit(column, d);
    }
    return sum;
  }

  /** Euclidean distance of two nodes, in double. */
  public static double distance(VectorBlock a, int nodeOfA, VectorBlock b, int nodeOfB) {
    int row = (nodeOfA - a.start) * a.dimension;
    int column = (nodeOfB - b.start) * b.dimension;
    double squares = 0;
    for (int d = 0; d < a.dimension; d++) {
      double difference = (double) a.values[row + d] - b.values[column + d];
      squares += difference * difference;
    }
    return Math.sqrt(squares);
  }
}
