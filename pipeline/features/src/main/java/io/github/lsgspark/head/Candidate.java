package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.Criterion;
import java.util.Comparator;

/**
 * What was tried, and what leave-one-out says of it: exactly, or as {@link HeadKind#judgement} has
 * it.
 *
 * @param parameter λ of a ridge, the share of the sphere of gda; 0 where there is none
 * @param temperature of the smallest cross entropy, or as asked
 * @param accuracy share of the labelled samples whose label is found without them
 * @param crossEntropy their mean, in nats
 * @param standardError of that mean
 * @param prior how much classes of similar texts share; 0 where they share nothing
 */
public record Candidate(
    double parameter,
    double temperature,
    double accuracy,
    double crossEntropy,
    double standardError,
    double prior) {

  /** One whose classes share nothing. */
  public Candidate(
      double parameter,
      double temperature,
      double accuracy,
      double crossEntropy,
      double standardError) {
    this(parameter, temperature, accuracy, crossEntropy, standardError, 0);
  }

  Candidate withPrior(double other) {
    return new Candidate(parameter, temperature, accuracy, crossEntropy, standardError, other);
  }

  Candidate withTemperature(double other) {
    return new Candidate(parameter, other, accuracy, crossEntropy, standardError, prior);
  }

  /** The better first. */
  public static Comparator<Candidate> by(Criterion criterion) {
    Comparator<Candidate> accuracy = Comparator.comparingDouble(one -> -one.accuracy);
    Comparator<Candidate> entropy = Comparator.comparingDouble(one -> one.crossEntropy);
    return criterion == Criterion.ACCURACY
        ? accuracy.thenComparing(entropy)
        : entropy.thenComparing(accuracy);
  }

  /**
   * Whether this is better by more than chance alone would make it: by more than a standard error.
   *
   * @param samples that both are judged by
   */
  public boolean isClearlyBetterThan(Candidate other, Criterion criterion, long samples) {
    if (criterion == Criterion.CROSS_ENTROPY) {
      return crossEntropy < other.crossEntropy - other.standardError;
    }
    double error = Math.sqrt(other.accuracy * (1 - other.accuracy) / samples);
    return accuracy > other.accuracy + error;
  }
}
