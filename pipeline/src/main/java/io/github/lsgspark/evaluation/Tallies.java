package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings;
import java.io.Serializable;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;

/** Tallies of one model: per split, of the head and of the ensemble. */
final class Tallies implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final int bins;
  private final TreeMap<String, Tally> head = new TreeMap<>();
  private final TreeMap<String, Tally> ensemble = new TreeMap<>();

  private Tallies(int classes, int bins) {
    this.classes = classes;
    this.bins = bins;
  }

  static Tallies of(JavaRDD<Scored> scored, int classes, EvaluateSettings settings) {
    return scored.aggregate(
        new Tallies(classes, settings.calibrationBins()), Tallies::add, Tallies::merge);
  }

  private Tallies add(Scored sample) {
    tally(head, sample.split()).add(sample.labelId(), sample.head());
    if (sample.ensemble() != null) {
      tally(ensemble, sample.split()).add(sample.labelId(), sample.ensemble());
    }
    return this;
  }

  private Tallies merge(Tallies other) {
    other.head.forEach((split, tally) -> tally(head, split).merge(tally));
    other.ensemble.forEach((split, tally) -> tally(ensemble, split).merge(tally));
    return this;
  }

  private Tally tally(TreeMap<String, Tally> bySplit, String split) {
    return bySplit.computeIfAbsent(split, unused -> new Tally(classes, bins));
  }

  /** Of the classifier alone; empty if the split has no samples. */
  Optional<Tally> head(String split) {
    return Optional.ofNullable(head.get(split));
  }

  /** Of classifier and prototypes; empty without prototypes or samples. */
  Optional<Tally> ensemble(String split) {
    return Optional.ofNullable(ensemble.get(split));
  }

  /** Of what the setting asks for; of the head where there are no prototypes. */
  Optional<Tally> headline(String split, EvaluateSettings.Prototypes prototypes) {
    return prototypes == EvaluateSettings.Prototypes.ENSEMBLE && ensemble.containsKey(split)
        ? ensemble(split)
        : head(split);
  }
}
