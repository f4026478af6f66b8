package io.github.lsgspark.training;

import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.ViewKind;
import io.github.lsgspark.dataset.ViewLoader;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.ssl.MostConfident;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.Renewals;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Hard labels of all unlabelled samples from a pass of all replicas over them, renewed now and
 * then: as the reference does it, all of them after each use (LSG-SPEC 5.4; without the label
 * graph: Lee, 2013), or in the rounds of a curriculum the most confident ones ({@link
 * MostConfident}).
 */
final class PseudoLabels implements PseudoLabelling {
  private static final String LABELS = "labels";

  private final List<Sample> samples;
  private final Inference inference;
  private final Labeller labeller;
  private final Renewals renewals;
  private final double[] classShares;
  private final long seed;
  private int[] labels;

  /**
   * @param classShares each class's part of the labelled samples, where the most confident are
   *     taken; null where all are
   */
  PseudoLabels(
      List<Sample> samples,
      Inference inference,
      Labeller labeller,
      Renewals renewals,
      double[] classShares,
      long seed) {
    this.samples = samples;
    this.inference = inference;
    this.labeller = labeller;
    this.renewals = renewals;
    this.classShares = classShares;
    this.seed = seed;
  }

  @Override
  public boolean due(int step) {
    return renewals.due(step);
  }

  /** The present labels of a weak view. */
  @Override
  public void renew(int step) {
    Inference.Found found =
        inference.classify(
            samples,
            sample ->
                ViewLoader.Wanted.random(
                    sample, ViewKind.WEAK, seed, "pseudo label", renewals.number(step), 0),
            labeller);
    labels =
        classShares == null
            ? found.labels()
            : MostConfident.of(
                found.labels(), found.confidences(), renewals.share(step), classShares);
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
