package io.github.lsgspark.report.explanation;

import io.github.lsgspark.evaluation.ClassDistances;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;

/**
 * What one run got right and wrong on the test split, by its headline classifier: counts per true
 * and predicted class, and the bins of a reliability diagram. Filled by {@link PredictionCounts}.
 */
public final class RunErrors {
  /** Bins of equal width over the confidence, for the diagram. */
  static final int BINS = 10;

  /** Groups of errors by steps in the class graph: 1, 2, 3, and more. */
  static final int STEP_GROUPS = 4;

  /**
   * A true class and what it was taken for.
   *
   * @param label class number
   * @param predicted class number
   */
  public record Cell(int label, int predicted) implements Comparable<Cell> {
    @Override
    public int compareTo(Cell other) {
      return label != other.label
          ? Integer.compare(label, other.label)
          : Integer.compare(predicted, other.predicted);
    }
  }

  /**
   * Samples of about the same confidence.
   *
   * @param confidence summed
   */
  record Bin(long count, long correct, double confidence) {
    Bin plus(Bin other) {
      return new Bin(count + other.count, correct + other.correct, confidence + other.confidence);
    }
  }

  private final String classifier;
  private final double calibrationError;

  /** In order, so that sums over it are the same to the last bit. */
  private final Map<Cell, Long> wrong = new TreeMap<>();

  private final Map<Integer, Long> counts = new HashMap<>();
  private final Map<Integer, Long> correct = new HashMap<>();
  private final Bin[] bins = new Bin[BINS];
  private long samples;
  private long errors;

  /**
   * @param classifier head or ensemble: whose predictions they are
   * @param calibrationError expected calibration error as the evaluation wrote it, a fraction
   */
  public RunErrors(String classifier, double calibrationError) {
    this.classifier = classifier;
    this.calibrationError = calibrationError;
    for (int b = 0; b < BINS; b++) {
      bins[b] = new Bin(0, 0, 0);
    }
  }

  /** What one run got right and wrong. */
  public static RunErrors read(SparkSession spark, ComparedRun run) {
    try (PredictionCounts counts = new PredictionCounts(spark, List.of(run))) {
      return counts.errors().get(0);
    }
  }

  /** Counts samples of a class that were taken for a class, which may be the same. */
  public void add(int label, int predicted, long count) {
    samples += count;
    counts.merge(label, count, Long::sum);
    if (label == predicted) {
      correct.merge(label, count, Long::sum);
    } else {
      errors += count;
      wrong.merge(new Cell(label, predicted), count, Long::sum);
    }
  }

  void setBin(int place, Bin bin) {
    bins[place] = bin;
  }

  String classifier() {
    return classifier;
  }

  long samples() {
    return samples;
  }

  Bin bin(int place) {
    return bins[place];
  }

  /** The confusions that occur. */
  public Set<Cell> confusions() {
    return wrong.keySet();
  }

  public long count(Cell confusion) {
    return wrong.getOrDefault(confusion, 0L);
  }

  /** Test samples of a class. */
  public long count(int label) {
    return counts.getOrDefault(label, 0L);
  }

  /** How many test samples of a class were taken for a class, which may be the same. */
  public long times(int label, int predicted) {
    return label == predicted ? correct.getOrDefault(label, 0L) : count(new Cell(label, predicted));
  }

  /** Percent; NaN for a class without test samples. */
  public double accuracy(int label) {
    return 100.0 * correct.getOrDefault(label, 0L) / count(label);
  }

  /** How often a confusion was made, per 100 test samples of its class; NaN without samples. */
  public double rate(Cell confusion) {
    return 100.0 * count(confusion) / count(confusion.label());
  }

  /** Errors per 100 test samples. */
  double errorRate() {
    return 100.0 * errors / samples;
  }

  /**
   * Errors per 100 test samples by the steps between the true and the predicted class.
   *
   * @return [{@link #STEP_GROUPS}] for 1, 2, 3 and more steps
   */
  double[] errorsBySteps(ClassDistances distances) {
    double[] rates = new double[STEP_GROUPS];
    wrong.forEach(
        (cell, count) ->
            rates[group(distances.steps(cell.label(), cell.predicted()))] +=
                100.0 * count / samples);
    return rates;
  }

  /** The place of a number of steps, at least 1, among the groups. */
  static int group(int steps) {
    return Math.min(steps, STEP_GROUPS) - 1;
  }

  /** Mean over the errors of one minus the cosine of the label texts; NaN without errors. */
  double semanticError(ClassDistances distances) {
    double sum = 0;
    for (Map.Entry<Cell, Long> cell : wrong.entrySet()) {
      sum += cell.getValue() * distances.semantic(cell.getKey().label(), cell.getKey().predicted());
    }
    return sum / errors;
  }

  /** Expected calibration error, percentage points. */
  double calibrationError() {
    return 100 * calibrationError;
  }
}
