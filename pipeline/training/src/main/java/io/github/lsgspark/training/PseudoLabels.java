package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.ssl.CurriculumSelector;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.Renewals;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Hard labels of all unlabelled samples from a pass of all replicas over them, renewed now and
 * then: as the reference does it, all of them after each use (docs/method.md, section 5; without
 * the label graph: Lee, 2013), or in the rounds of a curriculum the most confident ones ({@link
 * CurriculumSelector}).
 */
final class PseudoLabels implements PseudoLabelling {
  private static final String LABELS = "labels";

  private final LabelPass pass;
  private final Renewals renewals;
  private final Optional<double[]> classShares;
  private int[] labels;

  /**
   * @param classShares each class's part of the labelled samples, where the most confident are
   *     taken; empty where all are
   */
  PseudoLabels(LabelPass pass, Renewals renewals, Optional<double[]> classShares) {
    this.pass = pass;
    this.renewals = renewals;
    this.classShares = classShares;
  }

  @Override
  public boolean due(int step) {
    return renewals.due(step);
  }

  @Override
  public void renew(int step) {
    Inference.Found found = pass.labels(renewals.number(step));
    labels =
        classShares
            .map(
                shares ->
                    CurriculumSelector.of(
                        found.labels(), found.confidences(), renewals.share(step), shares))
            .orElse(found.labels());
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
