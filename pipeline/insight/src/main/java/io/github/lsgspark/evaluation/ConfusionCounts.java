package io.github.lsgspark.evaluation;

import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts over labelled outcomes from which all metrics follow. Mergeable in any order with the same
 * result to the last bit: confidences are summed in units of 2⁻⁴⁰. Not safe for several threads.
 */
final class ConfusionCounts implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final double UNIT = 0x1p40;

  private final int classes;
  private final long[] binCounts;
  private final long[] binCorrect;
  private final long[] binConfidence;
  private final HashMap<Long, Long> confusion = new HashMap<>();
  private long topFive;

  /**
   * @param bins of equal width over the confidence, for the calibration error
   */
  ConfusionCounts(int classes, int bins) {
    this.classes = classes;
    this.binCounts = new long[bins];
    this.binCorrect = new long[bins];
    this.binConfidence = new long[bins];
  }

  ConfusionCounts add(int label, TopKPrediction outcome) {
    int bin = Math.min(binCounts.length - 1, (int) (outcome.confidence() * binCounts.length));
    binCounts[bin]++;
    binConfidence[bin] += Math.round(outcome.confidence() * UNIT);
    binCorrect[bin] += outcome.predicted() == label ? 1 : 0;
    topFive += outcome.topHolds(label) ? 1 : 0;
    confusion.merge((long) label * classes + outcome.predicted(), 1L, Long::sum);
    return this;
  }

  ConfusionCounts merge(ConfusionCounts other) {
    for (int bin = 0; bin < binCounts.length; bin++) {
      binCounts[bin] += other.binCounts[bin];
      binCorrect[bin] += other.binCorrect[bin];
      binConfidence[bin] += other.binConfidence[bin];
    }
    other.confusion.forEach((cell, count) -> confusion.merge(cell, count, Long::sum));
    topFive += other.topFive;
    return this;
  }

  int classes() {
    return classes;
  }

  int bins() {
    return binCounts.length;
  }

  long samples() {
    return sum(binCounts);
  }

  long correct() {
    return sum(binCorrect);
  }

  long topFive() {
    return topFive;
  }

  long binCount(int bin) {
    return binCounts[bin];
  }

  /** Share of correct outcomes in a bin that is not empty. */
  double binAccuracy(int bin) {
    return (double) binCorrect[bin] / binCounts[bin];
  }

  /** Mean confidence in a bin that is not empty. */
  double binConfidence(int bin) {
    return binConfidence[bin] / UNIT / binCounts[bin];
  }

  /** What {@link #forEachCell} calls. */
  interface Cell {
    void accept(int label, int predicted, long count);
  }

  /** Visits the cells of the confusion matrix that are not zero, by label, then by prediction. */
  void forEachCell(Cell visitor) {
    confusion.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(
            entry ->
                visitor.accept(
                    (int) (entry.getKey() / classes),
                    (int) (entry.getKey() % classes),
                    entry.getValue()));
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
