package io.github.lsgspark.graph;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * A square sparse matrix in compressed sparse row form.
 *
 * @param size rows and columns
 * @param rowOffsets [size + 1]; row i lies at rowOffsets[i] .. rowOffsets[i + 1]
 * @param columns [nnz], ascending within a row
 * @param values [nnz]
 */
public record CsrMatrix(int size, int[] rowOffsets, int[] columns, double[] values)
    implements Serializable {

  /**
   * Builds the matrix from coordinates in any order.
   *
   * @throws IllegalArgumentException if a coordinate occurs twice or lies outside
   */
  public static CsrMatrix of(int size, int[] rows, int[] columns, double[] values) {
    int[] offsets = new int[size + 1];
    for (int e = 0; e < rows.length; e++) {
      if (rows[e] < 0 || rows[e] >= size || columns[e] < 0 || columns[e] >= size) {
        throw new IllegalArgumentException(
            "edge (" + rows[e] + ", " + columns[e] + ") lies outside 0.." + (size - 1));
      }
      offsets[rows[e] + 1]++;
    }
    Arrays.parallelPrefix(offsets, Integer::sum);
    // Within a row, by column; the place in the input travels in the lower half.
    long[] keys = new long[rows.length];
    int[] next = Arrays.copyOf(offsets, size);
    for (int e = 0; e < rows.length; e++) {
      keys[next[rows[e]]++] = (long) columns[e] << 32 | e;
    }
    int[] sortedColumns = new int[rows.length];
    double[] sortedValues = new double[rows.length];
    for (int i = 0; i < size; i++) {
      Arrays.sort(keys, offsets[i], offsets[i + 1]);
      for (int place = offsets[i]; place < offsets[i + 1]; place++) {
        sortedColumns[place] = (int) (keys[place] >>> 32);
        sortedValues[place] = values[(int) keys[place]];
        if (place > offsets[i] && sortedColumns[place] == sortedColumns[place - 1]) {
          throw new IllegalArgumentException(
              "edge (" + i + ", " + sortedColumns[place] + ") occurs twice");
        }
      }
    }
    return new CsrMatrix(size, offsets, sortedColumns, sortedValues);
  }

  /** Number of stored entries. */
  public int entries() {
    return columns.length;
  }

  /** Row sums r_i of the weights, self loop included (docs/method.md, section 2). */
  public double[] rowSums() {
    double[] sums = new double[size];
    for (int i = 0; i < size; i++) {
      for (int e = rowOffsets[i]; e < rowOffsets[i + 1]; e++) {
        sums[i] += values[e];
      }
    }
    return sums;
  }

  /** The transposed matrix. */
  public CsrMatrix transpose() {
    int[] offsets = new int[size + 1];
    for (int column : columns) {
      offsets[column + 1]++;
    }
    for (int i = 0; i < size; i++) {
      offsets[i + 1] += offsets[i];
    }
    int[] next = Arrays.copyOf(offsets, size);
    int[] rows = new int[columns.length];
    double[] transposed = new double[columns.length];
    for (int i = 0; i < size; i++) {
      for (int e = rowOffsets[i]; e < rowOffsets[i + 1]; e++) {
        int place = next[columns[e]]++;
        rows[place] = i;
        transposed[place] = values[e];
      }
    }
    return new CsrMatrix(size, offsets, rows, transposed);
  }

  /** Each entry where either matrix has one: the larger value where both do. */
  public CsrMatrix union(CsrMatrix other) {
    int[] offsets = new int[size + 1];
    int[] joined = new int[Math.addExact(entries(), other.entries())];
    double[] largest = new double[joined.length];
    int place = 0;
    for (int i = 0; i < size; i++) {
      int a = rowOffsets[i];
      int b = other.rowOffsets[i];
      while (a < rowOffsets[i + 1] || b < other.rowOffsets[i + 1]) {
        int first = a < rowOffsets[i + 1] ? columns[a] : size;
        int second = b < other.rowOffsets[i + 1] ? other.columns[b] : size;
        joined[place] = Math.min(first, second);
        largest[place++] =
            Math.max(
                first <= second ? values[a++] : Double.NEGATIVE_INFINITY,
                second <= first ? other.values[b++] : Double.NEGATIVE_INFINITY);
      }
      offsets[i + 1] = place;
    }
    return new CsrMatrix(
        size, offsets, Arrays.copyOf(joined, place), Arrays.copyOf(largest, place));
  }

  /** D^-1/2 A D^-1/2 with D the row sums; a row whose sum is 0 becomes 0. */
  public CsrMatrix scaledByDegrees() {
    double[] scale =
        Arrays.stream(rowSums()).map(sum -> sum == 0 ? 0 : 1 / Math.sqrt(sum)).toArray();
    double[] scaled = new double[values.length];
    for (int i = 0; i < size; i++) {
      for (int e = rowOffsets[i]; e < rowOffsets[i + 1]; e++) {
        scaled[e] = values[e] * scale[i] * scale[columns[e]];
      }
    }
    return new CsrMatrix(size, rowOffsets, columns, scaled);
  }

  /**
   * The normalised adjacency of the reference: Ahat_ij = A_ji d_i d_j with d_i = r_i^(-1/2).
   *
   * @param name how to call node i in an error
   * @throws LsgException if a row sum is not positive: the reference would go on with NaN there
   */
  public CsrMatrix normalized(IntFunction<String> name) {
    double[] scale = inverseSquareRoots(rowSums(), name);
    CsrMatrix result = transpose();
    for (int i = 0; i < size; i++) {
      for (int e = result.rowOffsets[i]; e < result.rowOffsets[i + 1]; e++) {
        result.values[e] *= scale[i] * scale[result.columns[e]];
      }
    }
    return result;
  }

  /** d_i = r_i^(-1/2) for every node. */
  static double[] inverseSquareRoots(double[] degrees, IntFunction<String> name) {
    double[] scale = new double[degrees.length];
    for (int i = 0; i < scale.length; i++) {
      if (!(degrees[i] > 0)) {
        throw LsgException.input(
            "node "
                + i
                + " ("
                + name.apply(i)
                + ") has degree "
                + degrees[i]
                + "; every node needs a positive one. Raise graph.edge-ratio or graph.k, or look"
                + " at this label's embedding.");
      }
      scale[i] = 1 / Math.sqrt(degrees[i]);
    }
    return scale;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CsrMatrix that
        && size == that.size
        && Arrays.equals(rowOffsets, that.rowOffsets)
        && Arrays.equals(columns, that.columns)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * size + Arrays.hashCode(columns)) + Arrays.hashCode(values);
  }

  @Override
  public String toString() {
    return "CsrMatrix[" + size + " x " + size + ", " + entries() + " entries]";
  }
}
