package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/** Tallies of one model: per classifier and split, and of classes without labels. */
final class Tallies implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int bins;
  private final EnumMap<Classifier, TreeMap<String, ConfusionCounts>> tallies =
      new EnumMap<>(Classifier.class);
  private final UnseenTally unseen;

  private Tallies(int classes, int bins) {
    this.classes = classes;
    this.bins = bins;
    this.unseen = new UnseenTally(classes);
  }

  /**
   * @param bins of the calibration error
   */
  static Tallies of(JavaRDD<Scored> scored, int classes, int bins) {
    return scored.aggregate(new Tallies(classes, bins), Tallies::add, Tallies::merge);
  }

  private Tallies add(Scored sample) {
    sample
        .outcomes()
        .forEach((by, outcome) -> tally(by, sample.split()).add(sample.labelId(), outcome));
    unseen.add(sample.labelId(), sample.unseen());
    return this;
  }

  private Tallies merge(Tallies other) {
    other.tallies.forEach(
        (by, splits) -> splits.forEach((split, tally) -> tally(by, split).merge(tally)));
    unseen.merge(other.unseen);
    return this;
  }

  private ConfusionCounts tally(Classifier by, String split) {
    return tallies
        .computeIfAbsent(by, unused -> new TreeMap<>())
        .computeIfAbsent(split, unused -> new ConfusionCounts(classes, bins));
  }

  /** Of a classifier; empty if it was not measured or the split has no samples. */
  Optional<ConfusionCounts> of(Classifier by, String split) {
    return Optional.ofNullable(tallies.get(by)).map(splits -> splits.get(split));
  }

  /** What there was to measure of classes without labels, on the test split. */
  UnseenTally unseen() {
    return unseen;
  }
}
