package io.github.lsgspark.training.ssl;

/**
 * When all unlabelled samples are labelled anew, and which share of them is taken then.
 *
 * @param first step that uses labels
 * @param every so many steps later the next renewal
 * @param rounds after which there is none any more; 0: no end
 * @param finalShare that the last round takes
 */
public record Renewals(int first, int every, int rounds, double finalShare) {

  /** After each pass over the samples; all are taken. */
  public static Renewals afterEachPass(int first, int stepsPerPass) {
    return new Renewals(first, Math.max(1, stepsPerPass), 0, 1);
  }

  /**
   * Rounds of equal length in the steps from the first to the end.
   *
   * @param steps of the training
   */
  public static Renewals inRounds(int first, int steps, int rounds, double finalShare) {
    return new Renewals(first, Math.max(1, (steps - first) / rounds), rounds, finalShare);
  }

  /** Whether labels are renewed before a step, counted from 0. */
  public boolean due(int step) {
    return step >= first
        && (step - first) % every == 0
        && (rounds == 0 || (step - first) / every < rounds);
  }

  /** Number of the renewal, from 0, that is due at a step. */
  public int number(int step) {
    return (step - first) / every;
  }

  /** The share of all samples that the renewal due at a step takes. */
  public double share(int step) {
    return rounds == 0 ? finalShare : finalShare * Math.min(1, (number(step) + 1.0) / rounds);
  }
}
