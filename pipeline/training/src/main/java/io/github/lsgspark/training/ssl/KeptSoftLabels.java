package io.github.lsgspark.training.ssl;

/** Soft labels that another stage has found, kept for the whole training. */
record KeptSoftLabels(StrategyContext context) implements PseudoLabelling {

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
