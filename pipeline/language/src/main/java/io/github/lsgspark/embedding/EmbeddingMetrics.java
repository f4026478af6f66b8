package io.github.lsgspark.embedding;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the embeddings of the training prompts look like.
 *
 * @param effectiveRank exp of the entropy of the normalised singular values of the centred class
 *     means (Roy and Vetterli 2007); 1 for classes along a line, at most C - 1
 * @param meanCosineWithin mean cosine of two prompts of one class; NaN for one prompt
 * @param meanCosineBetween mean cosine of two prompts of different classes; NaN for one class
 * @param heldoutCosine mean cosine of a held-out prompt and its class's mean; NaN without any
 */
record EmbeddingMetrics(
    double effectiveRank, double meanCosineWithin, double meanCosineBetween, double heldoutCosine) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "cosine of two prompts of one label %.3f, of two labels %.3f",
        meanCosineWithin,
        meanCosineBetween);
  }

  static EmbeddingMetrics of(List<ClassSums> classes) {
    int dimension = classes.get(0).train().length;
    double[] total = new double[dimension];
    double vectors = 0;
    double withinSum = 0;
    double withinPairs = 0;
    double heldoutSum = 0;
    double heldoutCount = 0;
    double samePairsSum = 0;
    double samePairs = 0;
    for (ClassSums sums : classes) {
      double count = sums.trainCount();
      double square = UnitVectors.dot(sums.train(), sums.train());
      vectors += count;
      samePairsSum += square;
      samePairs += count * count;
      withinSum += square - count;
      withinPairs += count * (count - 1);
      for (int d = 0; d < dimension; d++) {
        total[d] += sums.train()[d];
      }
      heldoutSum +=
          UnitVectors.dot(sums.heldout(), sums.train()) / UnitVectors.length(sums.train());
      heldoutCount += sums.heldoutCount();
    }
    double betweenSum = UnitVectors.dot(total, total) - samePairsSum;
    double betweenPairs = vectors * vectors - samePairs;
    return new EmbeddingMetrics(
        effectiveRank(classes, total, vectors),
        withinSum / withinPairs,
        betweenSum / betweenPairs,
        heldoutSum / heldoutCount);
  }

  private static double effectiveRank(List<ClassSums> classes, double[] total, double vectors) {
    int dimension = total.length;
    int size = classes.size();
    double[][] centred = new double[size][dimension];
    for (int c = 0; c < size; c++) {
      for (int d = 0; d < dimension; d++) {
        centred[c][d] =
            classes.get(c).train()[d] / classes.get(c).trainCount() - total[d] / vectors;
      }
    }
    double[] eigenvalues =
        SymmetricEigen.of(smallerGram(centred), Math.min(size, dimension), false).values();
    double sum = 0;
    for (int i = 0; i < eigenvalues.length; i++) {
      eigenvalues[i] = Math.sqrt(Math.max(0, eigenvalues[i]));
      sum += eigenvalues[i];
    }
    double entropy = 0;
    for (double singular : eigenvalues) {
      if (singular > 1e-9 * sum) {
        entropy -= singular / sum * Math.log(singular / sum);
      }
    }
    return Math.exp(entropy);
  }

  /** X Xᵀ or Xᵀ X, whichever is smaller: their non-zero eigenvalues are the same. */
  private static double[] smallerGram(double[][] rows) {
    int size = rows.length;
    int dimension = rows[0].length;
    double[] gram = new double[Math.min(size, dimension) * Math.min(size, dimension)];
    if (size <= dimension) {
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          gram[i * size + j] = UnitVectors.dot(rows[i], rows[j]);
        }
      }
    } else {
      for (double[] row : rows) {
        for (int i = 0; i < dimension; i++) {
          for (int j = 0; j < dimension; j++) {
            gram[i * dimension + j] += row[i] * row[j];
          }
        }
      }
    }
    return gram;
  }

  /** The entries of {@code metrics.json}; what does not exist is left out. */
  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("effective_rank", effectiveRank);
    map.put("mean_cosine_within", meanCosineWithin);
    map.put("mean_cosine_between", meanCosineBetween);
    map.put("heldout_cosine", heldoutCosine);
    map.values().removeIf(value -> ((Double) value).isNaN());
    return map;
  }
}
