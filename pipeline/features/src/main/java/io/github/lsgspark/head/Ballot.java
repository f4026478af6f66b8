package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What one head says of one sample.
 *
 * @param head its place among those that vote
 * @param split of the sample
 * @param truth the sample's class, -1 where it is unknown
 * @param choice the class that the head predicts
 * @param probabilities of the classes [C]; empty where the choice alone is asked for
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Ballot(int head, String split, int truth, int choice, float[] probabilities)
    implements Serializable {

  /**
   * What all heads say of a sample.
   *
   * @param heads that vote, M; one that has no features of the sample says nothing
   * @param classes C
   */
  static Tally tally(String sample, Iterable<Ballot> ballots, int heads, int classes) {
    int[] choices = new int[heads];
    Arrays.fill(choices, Tally.NONE);
    float[] sum = new float[classes];
    Ballot any = null;
    for (Ballot ballot : ballots) {
      any = ballot;
      choices[ballot.head] = ballot.choice;
      if (ballot.probabilities.length == 0) {
        sum[ballot.choice] += 1;
      } else {
        for (int c = 0; c < classes; c++) {
          sum[c] += ballot.probabilities[c];
        }
      }
    }
    if (any == null) {
      throw new IllegalArgumentException("no head says anything of " + sample);
    }
    return new Tally(
        sample,
        any.split,
        any.truth,
        choices,
        SoftLabelTable.Sparse.of(new SoftLabel(sample, sum, 1)));
  }
}
