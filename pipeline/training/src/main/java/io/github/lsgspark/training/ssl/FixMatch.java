package io.github.lsgspark.training.ssl;

/**
 * FixMatch (Sohn et al., NeurIPS 2020, equation 4): the most probable class of the weak view, if
 * its probability is at least a fixed threshold, which is 0.95 there.
 */
public final class FixMatch implements PseudoLabelling {
  private final double threshold;

  /**
   * @param threshold 0 to 1
   */
  public FixMatch(double threshold) {
    this.threshold = threshold;
  }

  @Override
  public int[] decide(int[] samples, float[][] probabilities) {
    int[] labels = new int[probabilities.length];
    for (int i = 0; i < labels.length; i++) {
      int best = mostProbable(probabilities[i]);
      labels[i] = probabilities[i][best] >= threshold ? best : REJECTED;
    }
    return labels;
  }

  /** The place of the largest value; the first of equal ones. */
  static int mostProbable(float[] probabilities) {
    int best = 0;
    for (int c = 1; c < probabilities.length; c++) {
      if (probabilities[c] > probabilities[best]) {
        best = c;
      }
    }
    return best;
  }

  /** This strategy by its name. */
  public static final class Kind implements StrategyKind {
    @Override
    public String label() {
      return "fixmatch";
    }

    @Override
    public String help() {
      return "labels above a fixed confidence on the weak view train the strong one (Sohn 2020)";
    }

    @Override
    public boolean isConsistency() {
      return true;
    }

    @Override
    public int batchRatio() {
      return 7;
    }

    @Override
    public PseudoLabelling open(StrategyContext context) {
      return new FixMatch(context.settings().ssl().threshold());
    }
  }
}
