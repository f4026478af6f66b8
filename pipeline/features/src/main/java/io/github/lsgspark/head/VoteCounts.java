package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * Counts over samples of one split: right predictions of each head and of the vote, and how often
 * heads agree. Tasks add them up.
 */
public final class VoteCounts implements Serializable {
  private static final long serialVersionUID = 1L;

  private final int heads;
  private long samples;
  private long withoutMajority;
  private long known;
  private double right;
  private final long[] told;
  private final long[] hits;
  private final long[] both;
  private final long[] same;

  /**
   * @param heads that vote, M
   */
  VoteCounts(int heads) {
    this.heads = heads;
    this.told = new long[heads];
    this.hits = new long[heads];
    this.both = new long[heads * heads];
    this.same = new long[heads * heads];
  }

  /** These and one more sample. */
  VoteCounts plus(Tally tally) {
    samples++;
    withoutMajority += tally.lacksMajority() ? 1 : 0;
    if (tally.truth() >= 0) {
      known++;
      right += tally.rightness();
    }
    int[] choices = tally.choices();
    for (int a = 0; a < heads; a++) {
      if (choices[a] == Tally.NONE) {
        continue;
      }
      told[a] += tally.truth() >= 0 ? 1 : 0;
      hits[a] += choices[a] == tally.truth() ? 1 : 0;
      for (int b = 0; b < heads; b++) {
        both[a * heads + b] += choices[b] == Tally.NONE ? 0 : 1;
        same[a * heads + b] += choices[b] == choices[a] ? 1 : 0;
      }
    }
    return this;
  }

  /** These and those of other samples. */
  VoteCounts plus(VoteCounts other) {
    samples += other.samples;
    withoutMajority += other.withoutMajority;
    known += other.known;
    right += other.right;
    add(told, other.told);
    add(hits, other.hits);
    add(both, other.both);
    add(same, other.same);
    return this;
  }

  private static void add(long[] sum, long[] more) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += more[i];
    }
  }

  /** All samples. */
  public long samples() {
    return samples;
  }

  /** Samples of which no class has more than half of the heads. */
  public long withoutMajority() {
    return withoutMajority;
  }

  /** Samples whose class is known. */
  public long known() {
    return known;
  }

  /** Share of right predictions of a head among the samples whose class is known; NaN: none is. */
  public double accuracy(int head) {
    return (double) hits[head] / told[head];
  }

  /**
   * The same of the vote: of k classes with as many votes, each counts 1/k where one is right; NaN:
   * no class is known.
   */
  public double accuracy() {
    return right / known;
  }

  /** Share of the samples of which two heads say the same; NaN: none. */
  public double agreement(int one, int other) {
    return (double) same[one * heads + other] / both[one * heads + other];
  }

  /** The mean over all pairs of two heads. */
  public double agreement() {
    double sum = 0;
    for (int a = 0; a < heads; a++) {
      for (int b = 0; b < a; b++) {
        sum += agreement(a, b);
      }
    }
    return sum / (heads * (heads - 1) / 2.0);
  }
}
