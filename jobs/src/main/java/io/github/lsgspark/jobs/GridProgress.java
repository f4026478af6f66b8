package io.github.lsgspark.jobs;

import io.github.lsgspark.training.metrics.ProgressLine;

/** How far a grid of runs is. Safe for several threads. */
final class GridProgress {
  private final int runs;
  private final int atOnce;
  private int started;
  private int ended;
  private int worked;
  private double seconds;

  /**
   * @param atOnce runs that go on at the same time
   */
  GridProgress(int runs, int atOnce) {
    this.runs = runs;
    this.atOnce = atOnce;
  }

  /** As in "run 7 of 24: lsg, 4 labels, seed 1 (about 12 min 5 s left)". */
  synchronized String starts(String name) {
    started++;
    String left =
        worked == 0
            ? ""
            : " (about "
                + ProgressLine.duration(seconds / worked * (runs - ended) / atOnce)
                + " left)";
    return "run " + started + " of " + runs + ": " + name + left;
  }

  /**
   * Takes the end of a run into account.
   *
   * @param anew whether anything was done for it: only such runs tell how long one takes
   * @param took seconds
   */
  synchronized void ends(boolean anew, double took) {
    ended++;
    if (anew) {
      worked++;
      seconds += took;
    }
  }
}
