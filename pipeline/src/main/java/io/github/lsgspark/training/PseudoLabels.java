package io.github.lsgspark.training;

import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewKind;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.torch.HostArray;
import java.util.List;

/** Hard labels of the unlabelled samples, renewed after each pass over them (LSG-SPEC 5.4). */
final class PseudoLabels {
  private final List<Sample> samples;
  private final Inference inference;
  private final int stepsPerPass;
  private final long seed;
  private int[] labels;

  PseudoLabels(List<Sample> samples, Inference inference, int globalBatch, long seed) {
    this.samples = samples;
    this.inference = inference;
    this.stepsPerPass = Math.max(1, samples.size() / globalBatch);
    this.seed = seed;
  }

  /** Whether labels must be renewed before a step. */
  boolean due(int step) {
    return step % stepsPerPass == 0;
  }

  /** The present classifier's labels of a weak view. */
  void renew(int step) {
    labels =
        inference.labels(
            samples,
            sample ->
                ViewLoader.Wanted.random(
                    sample, ViewKind.WEAK, seed, "pseudo label", step / stepsPerPass, 0));
  }

  /** By the samples' places. */
  int[] labels() {
    return labels;
  }

  /** For a checkpoint. */
  HostArray state() {
    double[] values = new double[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = labels[i];
    }
    return HostArray.of(values, values.length);
  }

  void restore(HostArray state) {
    double[] values = state.doubles();
    labels = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      labels[i] = (int) values[i];
    }
  }
}
