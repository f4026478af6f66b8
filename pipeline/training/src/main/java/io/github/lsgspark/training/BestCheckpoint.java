package io.github.lsgspark.training;

import io.github.lsgspark.torch.HostArray;
import java.util.Map;

/** The weights that did best on the validation samples so far: those that a training changes. */
final class BestCheckpoint {
  private Map<String, HostArray> weights;
  private double accuracy = -1;
  private int step;

  boolean found() {
    return weights != null;
  }

  /** Keeps the network's weights if they do better than all before. */
  void offer(Network network, double newAccuracy, int newStep) {
    if (newAccuracy > accuracy) {
      restore(network.changing(), newAccuracy, newStep);
    }
  }

  void restore(Map<String, HostArray> newWeights, double newAccuracy, int newStep) {
    weights = newWeights;
    accuracy = newAccuracy;
    step = newStep;
  }

  Map<String, HostArray> weights() {
    return weights;
  }

  double accuracy() {
    return accuracy;
  }

  /** Steps taken when they were found. */
  int step() {
    return step;
  }
}
