package example.extension;

import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.StrategyContext;
import io.github.lsgspark.training.ssl.StrategyKind;

/**
 * Takes the most probable class of the weak view if its probability is ahead of the second one's by
 * {@code ssl.threshold}.
 */
public final class MarginLabels implements StrategyKind {
  @Override
  public String label() {
    return "margin";
  }

  @Override
  public String help() {
    return "labels well ahead of the second class on the weak view train the strong one";
  }

  @Override
  public boolean isConsistency() {
    return true;
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    return new ByMargin(context.settings().ssl().threshold());
  }

  private record ByMargin(double margin) implements PseudoLabelling {
    @Override
    public int[] decide(int[] samples, float[][] probabilities) {
      int[] labels = new int[probabilities.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = label(probabilities[i]);
      }
      return labels;
    }

    private int label(float[] probabilities) {
      int best = 0;
      float second = 0;
      for (int c = 1; c < probabilities.length; c++) {
        if (probabilities[c] > probabilities[best]) {
          second = probabilities[best];
          best = c;
        } else {
          second = Math.max(second, probabilities[c]);
        }
      }
      return probabilities[best] - second >= margin ? best : REJECTED;
    }
  }
}
