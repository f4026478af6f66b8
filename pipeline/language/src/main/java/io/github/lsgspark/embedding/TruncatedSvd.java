package io.github.lsgspark.embedding;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The right singular vectors of a sparse document matrix A [documents, buckets] with the largest
 * singular values: the truncated SVD of latent semantic analysis (Deerwester et al. 1990), by way
 * of the eigenvectors of A Aᵀ. Exact for the documents given and bit-wise repeatable: documents are
 * taken in the order of the list, and the largest component of each vector is made positive.
 *
 * <p>Where the wanted number of dimensions would cut through a group of equal singular values, as
 * the symmetry of composed names makes them, the whole group is left out, for any choice among its
 * vectors would be arbitrary.
 */
final class TruncatedSvd implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Eigenvalues below this share of the largest are rounding. */
  private static final double RANK_TOLERANCE = 1e-10;

  private static final double TIE_TOLERANCE = 1e-9;

  private final int dimensions;
  private final HashMap<Integer, double[]> rowByBucket;

  private TruncatedSvd(int dimensions, HashMap<Integer, double[]> rowByBucket) {
    this.dimensions = dimensions;
    this.rowByBucket = rowByBucket;
  }

  /**
   * @param documents bucket to weight; a few thousand at most
   * @param wanted dimensions at most
   */
  static TruncatedSvd of(List<TreeMap<Integer, Double>> documents, int wanted) {
    int size = documents.size();
    SymmetricEigen eigen = SymmetricEigen.of(gram(documents), size, true);
    int dimensions = cut(eigen.values(), wanted);
    // 1. V = Aᵀ U / sigma, one row of V per bucket that occurs.
    HashMap<Integer, double[]> rows = new HashMap<>();
    for (int m = 0; m < size; m++) {
      for (Map.Entry<Integer, Double> entry : documents.get(m).entrySet()) {
        double[] row = rows.computeIfAbsent(entry.getKey(), bucket -> new double[dimensions]);
        for (int k = 0; k < dimensions; k++) {
          row[k] += entry.getValue() * eigen.vectors()[k * size + m] / Math.sqrt(eigen.values()[k]);
        }
      }
    }
    // 2. Fix the signs by the largest component; of equal ones, that of the lowest bucket.
    double[] largest = new double[dimensions];
    for (double[] row : new TreeMap<>(rows).values()) {
      for (int k = 0; k < dimensions; k++) {
        if (Math.abs(row[k]) > Math.abs(largest[k]) * (1 + TIE_TOLERANCE)) {
          largest[k] = row[k];
        }
      }
    }
    for (double[] row : rows.values()) {
      for (int k = 0; k < dimensions; k++) {
        row[k] *= Math.signum(largest[k]);
      }
    }
    return new TruncatedSvd(dimensions, rows);
  }

  private static double[] gram(List<TreeMap<Integer, Double>> documents) {
    int size = documents.size();
    TreeMap<Integer, List<Integer>> documentsByBucket = new TreeMap<>();
    for (int m = 0; m < size; m++) {
      for (int bucket : documents.get(m).keySet()) {
        documentsByBucket.computeIfAbsent(bucket, b -> new ArrayList<>()).add(m);
      }
    }
    double[] gram = new double[Math.multiplyExact(size, size)];
    for (Map.Entry<Integer, List<Integer>> entry : documentsByBucket.entrySet()) {
      for (int i : entry.getValue()) {
        double left = documents.get(i).get(entry.getKey());
        for (int j : entry.getValue()) {
          gram[i * size + j] += left * documents.get(j).get(entry.getKey());
        }
      }
    }
    return gram;
  }

  private static int cut(double[] eigenvalues, int wanted) {
    int rank = 0;
    while (rank < eigenvalues.length && eigenvalues[rank] > RANK_TOLERANCE * eigenvalues[0]) {
      rank++;
    }
    int cut = Math.min(wanted, rank);
    while (cut > 0
        && cut < rank
        && eigenvalues[cut - 1] - eigenvalues[cut] < TIE_TOLERANCE * eigenvalues[0]) {
      cut--;
    }
    return cut > 0 ? cut : Math.min(wanted, rank);
  }

  int dimensions() {
    return dimensions;
  }

  /** Coordinates of a document; buckets that the basis has never met are lost. */
  double[] project(TreeMap<Integer, Double> document) {
    double[] coordinates = new double[dimensions];
    for (Map.Entry<Integer, Double> entry : document.entrySet()) {
      double[] row = rowByBucket.get(entry.getKey());
      if (row != null) {
        for (int k = 0; k < dimensions; k++) {
          coordinates[k] += entry.getValue() * row[k];
        }
      }
    }
    return coordinates;
  }
}
