package io.github.lsgspark.training;

import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewKind;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Hard labels of all unlabelled samples, renewed after each pass over them (LSG-SPEC 5.4; without
 * the label graph: Lee, 2013).
 */
final class PseudoLabels implements PseudoLabelling {
  private static final String LABELS = "labels";

  private final List<Sample> samples;
  private final Inference inference;
  private final int firstStep;
  private final int stepsPerPass;
  private final long seed;
  private int[] labels;

  /**
   * @param firstStep that uses them
   * @param images of a step
   */
  PseudoLabels(List<Sample> samples, Inference inference, int firstStep, int images, long seed) {
    this.samples = samples;
    this.inference = inference;
    this.firstStep = firstStep;
    this.stepsPerPass = Math.max(1, samples.size() / images);
    this.seed = seed;
  }

  @Override
  public boolean due(int step) {
    return step >= firstStep && (step - firstStep) % stepsPerPass == 0;
  }

  /** The present classifier's labels of a weak view. */
  @Override
  public void renew(int step) {
    labels =
        inference.labels(
            samples,
            sample ->
                ViewLoader.Wanted.random(
                    sample,
                    ViewKind.WEAK,
                    seed,
                    "pseudo label",
                    (step - firstStep) / stepsPerPass,
                    0));
  }

  @Override
  public boolean looksAtProbabilities() {
    return false;
  }

  @Override
  public int[] decide(int[] places, float[][] probabilities) {
    return Arrays.stream(places).map(place -> labels[place]).toArray();
  }

  @Override
  public Map<String, HostArray> state() {
    if (labels == null) {
      return Map.of();
    }
    double[] values = Arrays.stream(labels).asDoubleStream().toArray();
    return Map.of(LABELS, HostArray.of(values, values.length));
  }

  @Override
  public void restore(Map<String, HostArray> state) {
    if (state.containsKey(LABELS)) {
      labels = Arrays.stream(state.get(LABELS).doubles()).mapToInt(value -> (int) value).toArray();
    }
  }
}
