package io.github.lsgspark.evaluation;

import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Figures of one classifier on one split. All are fractions, not percent.
 *
 * @param samples how many
 * @param accuracy share of correct predictions
 * @param top5 share of samples whose label is among the five most probable classes
 * @param balancedAccuracy mean over the classes that occur of the share of correct predictions
 * @param ece expected calibration error (Guo et al. 2017): mean over samples of |accuracy -
 *     confidence| of the confidence bin they fall into
 * @param meanSemanticError mean over wrong predictions of one minus the cosine between the mean
 *     text embeddings of the true and the predicted class; NaN if all are right
 * @param meanGraphDistance mean over wrong predictions of the steps between both classes ({@link
 *     ClassDistances#steps}); NaN if all are right
 * @param meanTaxonomyError mean over those wrong predictions that labels.taxonomy relates of the
 *     height of the lowest common ancestor ({@link ClassDistances#severity}); empty without a
 *     taxonomy, NaN if there is none such
 */
record Metrics(
    long samples,
    double accuracy,
    double top5,
    double balancedAccuracy,
    double ece,
    double meanSemanticError,
    double meanGraphDistance,
    Optional<Double> meanTaxonomyError) {

  private static final int CONFUSIONS = 20;

  static Metrics of(ConfusionCounts tally, ClassDistances distances) {
    double[] semantic = new double[1];
    long[] steps = new long[1];
    double[] severity = new double[1];
    long[] related = new long[1];
    long[] correct = new long[tally.classes()];
    long[] count = new long[tally.classes()];
    tally.forEachCell(
        (label, predicted, cell) -> {
          count[label] += cell;
          if (label == predicted) {
            correct[label] += cell;
          } else {
            semantic[0] += cell * distances.semantic(label, predicted);
            steps[0] += cell * distances.steps(label, predicted);
            double grave = distances.severity(label, predicted);
            if (!Double.isNaN(grave)) {
              severity[0] += cell * grave;
              related[0] += cell;
            }
          }
        });
    double samples = tally.samples();
    double wrong = samples - tally.correct();
    return new Metrics(
        tally.samples(),
        tally.correct() / samples,
        tally.topFive() / samples,
        balanced(correct, count),
        calibrationError(tally),
        semantic[0] / wrong,
        steps[0] / wrong,
        distances.hasTaxonomy() ? Optional.of(severity[0] / related[0]) : Optional.empty());
  }

  private static double balanced(long[] correct, long[] count) {
    double sum = 0;
    int present = 0;
    for (int c = 0; c < count.length; c++) {
      if (count[c] > 0) {
        sum += (double) correct[c] / count[c];
        present++;
      }
    }
    return sum / present;
  }

  private static double calibrationError(ConfusionCounts tally) {
    double sum = 0;
    for (int bin = 0; bin < tally.bins(); bin++) {
      if (tally.binCount(bin) > 0) {
        sum += tally.binCount(bin) * Math.abs(tally.binAccuracy(bin) - tally.binConfidence(bin));
      }
    }
    return sum / tally.samples();
  }

  /** The entries of {@code metrics.json}, null where there is nothing to measure. */
  Map<String, Object> scalars() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("accuracy", accuracy);
    map.put("top5", top5);
    map.put("balanced_accuracy", balancedAccuracy);
    map.put("ece", ece);
    map.put("mean_semantic_error", meanSemanticError);
    map.put("mean_graph_distance", meanGraphDistance);
    meanTaxonomyError.ifPresent(error -> map.put("mean_taxonomy_error", error));
    map.replaceAll((name, value) -> ((Double) value).isNaN() ? null : value);
    map.put("samples", samples);
    return map;
  }

  /** Per class, the most frequent confusions and the calibration curve. */
  static Map<String, Object> details(ConfusionCounts tally, LabelSet labels) {
    long[] correct = new long[tally.classes()];
    long[] count = new long[tally.classes()];
    List<Confusion> confusions = new ArrayList<>();
    tally.forEachCell(
        (label, predicted, cell) -> {
          count[label] += cell;
          if (label == predicted) {
            correct[label] += cell;
          } else {
            confusions.add(
                new Confusion(labels.label(label).name(), labels.label(predicted).name(), cell));
          }
        });
    Map<String, Object> perClass = new LinkedHashMap<>();
    for (int c = 0; c < count.length; c++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("accuracy", count[c] > 0 ? (Double) ((double) correct[c] / count[c]) : null);
      entry.put("count", count[c]);
      perClass.put(labels.label(c).name(), entry);
    }
    confusions.sort(Comparator.comparingLong(Confusion::count).reversed());
    List<Map<String, Object>> calibration = new ArrayList<>();
    for (int bin = 0; bin < tally.bins(); bin++) {
      if (tally.binCount(bin) > 0) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("confidence", tally.binConfidence(bin));
        entry.put("accuracy", tally.binAccuracy(bin));
        entry.put("count", tally.binCount(bin));
        calibration.add(entry);
      }
    }
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("per_class", perClass);
    details.put("confusions", confusions.subList(0, Math.min(CONFUSIONS, confusions.size())));
    details.put("calibration", calibration);
    return details;
  }

  /**
   * An error that was made.
   *
   * @param label true class
   * @param count how often
   */
  record Confusion(String label, String predicted, long count) {}
}
