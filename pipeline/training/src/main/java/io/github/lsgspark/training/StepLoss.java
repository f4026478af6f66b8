package io.github.lsgspark.training;

import io.github.lsgspark.lsg.StepMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/** A part of the loss of a step: some terms that look at one of its batches. */
interface StepLoss {

  /** The numbers that it adds to the metrics of a step, by name. */
  List<String> metrics();

  /** What enters the loss of this replica; empty if nothing does. The numbers go to the metrics. */
  Optional<Tensor> of(StepBatch batch, StepMetrics metrics);

  /**
   * What enters the loss of the step, as a number from the metrics of all replicas.
   *
   * @param step from 0
   */
  double value(int step, StepMetrics metrics);

  /** Its terms by what people call them: one that is not finite is told by it. */
  Map<String, Double> titled(int step, StepMetrics metrics);

  /** Its terms by their names, for a line of the log. */
  Map<String, Double> parts(int step, StepMetrics metrics);

  /** What else there is to say about the step just computed, within its tensors' scope. */
  default Map<String, Double> measured() {
    return Map.of();
  }

  /**
   * Its entries of metrics.json.
   *
   * @param recent mean of a value over the last half of the lines that have it; NaN if none has
   */
  default Map<String, Object> summary(ToDoubleFunction<String> recent) {
    return Map.of();
  }
}
