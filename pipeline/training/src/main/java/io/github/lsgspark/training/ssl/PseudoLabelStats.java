package io.github.lsgspark.training.ssl;

import java.util.LinkedHashMap;
import java.util.Map;

/** What became of the unlabelled images since the last line of the log. */
public final class PseudoLabelStats {
  /** Share of images that were taken. */
  public static final String ACCEPTED_SHARE = "accepted_share";

  /** Share of right labels among those that were taken and whose truth is known. */
  public static final String LABEL_ACCURACY = "pseudo_label_accuracy";

  /**
   * Balance of the classes among those that were taken: the entropy of their shares, divided by the
   * largest one possible. 1: all classes alike; 0: one class only.
   */
  public static final String CLASS_BALANCE = "pseudo_label_balance";

  private final int classes;
  private long images;
  private long accepted;
  private long known;
  private long right;
  private long[] counts;

  public PseudoLabelStats(int classes) {
    this.classes = classes;
    this.counts = new long[classes];
  }

  /**
   * Counts the images of one step.
   *
   * @param labels given to them, or {@link PseudoLabelling#REJECTED}
   * @param truth their labels, below 0 where unknown
   */
  public void add(int[] labels, int[] truth) {
    for (int i = 0; i < labels.length; i++) {
      images++;
      if (labels[i] != PseudoLabelling.REJECTED) {
        accepted++;
        counts[labels[i]]++;
        if (truth[i] >= 0) {
          known++;
          right += labels[i] == truth[i] ? 1 : 0;
        }
      }
    }
  }

  /** The shares since the last call; those without an image behind them are left out. */
  public Map<String, Double> take() {
    Map<String, Double> values = new LinkedHashMap<>();
    if (images > 0) {
      values.put(ACCEPTED_SHARE, (double) accepted / images);
    }
    if (known > 0) {
      values.put(LABEL_ACCURACY, (double) right / known);
    }
    if (accepted > 0) {
      values.put(CLASS_BALANCE, balance());
    }
    images = 0;
    accepted = 0;
    known = 0;
    right = 0;
    counts = new long[classes];
    return values;
  }

  private double balance() {
    double entropy = 0;
    for (long count : counts) {
      if (count > 0) {
        double share = (double) count / accepted;
        entropy -= share * Math.log(share);
      }
    }
    long possible = Math.min(classes, accepted);
    return possible == 1 ? 1 : entropy / Math.log(possible);
  }
}
