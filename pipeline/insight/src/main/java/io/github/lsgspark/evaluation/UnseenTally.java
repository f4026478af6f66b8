package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import java.io.Serializable;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Set;

/**
 * Counts per class and classifier where some classes have no labels. Mergeable in any order with
 * the same result. Not safe for several threads.
 */
final class UnseenTally implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int classes;
  private final long[] samples;
  private final EnumMap<Classifier, Counts> counts = new EnumMap<>(Classifier.class);

  UnseenTally(int classes) {
    this.classes = classes;
    this.samples = new long[classes];
  }

  /** Correct predictions per class: of all classes, and of those without labels alone. */
  private static final class Counts implements Serializable {
    private static final long serialVersionUID = 1L;

    private final long[] correct;
    private final long[] first;
    private final long[] amongFive;

    Counts(int classes) {
      correct = new long[classes];
      first = new long[classes];
      amongFive = new long[classes];
    }

    void merge(Counts other) {
      Arrays.setAll(correct, c -> correct[c] + other.correct[c]);
      Arrays.setAll(first, c -> first[c] + other.first[c]);
      Arrays.setAll(amongFive, c -> amongFive[c] + other.amongFive[c]);
    }
  }

  /**
   * Counts one sample.
   *
   * @param outcomes one per classifier; empty: the sample does not count
   */
  UnseenTally add(int label, List<UnseenOutcome> outcomes) {
    samples[label] += outcomes.isEmpty() ? 0 : 1;
    for (UnseenOutcome outcome : outcomes) {
      Counts of = of(outcome.classifier());
      of.correct[label] += outcome.predicted() == label ? 1 : 0;
      of.first[label] += outcome.rank() == 1 ? 1 : 0;
      of.amongFive[label] += outcome.rank() >= 1 && outcome.rank() <= 5 ? 1 : 0;
    }
    return this;
  }

  UnseenTally merge(UnseenTally other) {
    Arrays.setAll(samples, c -> samples[c] + other.samples[c]);
    other.counts.forEach((classifier, of) -> of(classifier).merge(of));
    return this;
  }

  private Counts of(Classifier classifier) {
    return counts.computeIfAbsent(classifier, unused -> new Counts(classes));
  }

  /** The classifiers that were measured. */
  Set<Classifier> classifiers() {
    return counts.keySet();
  }

  long samples(int label) {
    return samples[label];
  }

  /** Share of a class's samples that were recognised among all classes; NaN without samples. */
  double accuracy(Classifier classifier, int label) {
    return (double) counts.get(classifier).correct[label] / samples[label];
  }

  /** Share that was recognised among the classes without labels; NaN without samples. */
  double first(Classifier classifier, int label) {
    return (double) counts.get(classifier).first[label] / samples[label];
  }

  /** Share whose class was one of the best five without labels; NaN without samples. */
  double amongFive(Classifier classifier, int label) {
    return (double) counts.get(classifier).amongFive[label] / samples[label];
  }
}
