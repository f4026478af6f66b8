package io.github.lsgspark.training.ssl;

/**
 * The soft labels of a closed-form head that unlabelled samples have their part in, kept for the
 * whole training: a sample weighs as much as the head was sure of it.
 */
public final class SoftLabelKind implements StrategyKind {

  @Override
  public String label() {
    return "soft-labels";
  }

  @Override
  public String help() {
    return "the soft labels that stage head has found (head.unlabelled), kept for the whole training";
  }

  @Override
  public int batchRatio() {
    return 2;
  }

  @Override
  public boolean takesSoftLabels() {
    return true;
  }

  @Override
  public PseudoLabelling open(StrategyContext context) {
    return new Kept(context);
  }

  private record Kept(StrategyContext context) implements PseudoLabelling {

    @Override
    public boolean looksAtProbabilities() {
      return false;
    }

    @Override
    public int[] decide(int[] samples, float[][] probabilities) {
      int[] labels = new int[samples.length];
      for (int i = 0; i < labels.length; i++) {
        float[] target = target(samples[i]);
        int best = FixMatch.mostProbable(target);
        labels[i] = target[best] > 0 ? best : REJECTED;
      }
      return labels;
    }

    @Override
    public boolean isSoft() {
      return true;
    }

    @Override
    public float[] target(int sample) {
      return context.softLabel(sample);
    }
  }
}
