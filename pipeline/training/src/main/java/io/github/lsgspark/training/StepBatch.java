package io.github.lsgspark.training;

import io.github.lsgspark.dataset.ViewBatch;
import java.util.Optional;

/**
 * What a part of a step is made of.
 *
 * @param step from 0
 * @param part of the step that it is: 1 / {@code train.accumulation}
 * @param unlabelled views; empty where unlabelled samples take no part in the step
 */
record StepBatch(int step, double part, LabelledBatch labelled, Optional<Unlabelled> unlabelled) {

  /**
   * Views of unlabelled samples.
   *
   * @param plan whose labels are the truth, as far as it is known
   */
  record Unlabelled(BatchPlan plan, ViewBatch views) {}
}
