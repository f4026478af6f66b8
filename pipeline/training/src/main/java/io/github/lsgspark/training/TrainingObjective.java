package io.github.lsgspark.training;

import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Ops;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;

/**
 * What a training makes small: the sum of its losses, in the order in which they are computed, and
 * the penalty of L2-SP, whose gradient the optimiser adds.
 */
final class TrainingObjective {
  private final List<StepLoss> losses;
  private final Optional<L2SpPenalty> penalty;

  TrainingObjective(List<StepLoss> losses, Optional<L2SpPenalty> penalty) {
    this.losses = List.copyOf(losses);
    this.penalty = penalty;
  }

  /** The names of all numbers of a step. */
  List<String> metrics() {
    List<String> names = new ArrayList<>();
    losses.forEach(loss -> names.addAll(loss.metrics()));
    penalty.ifPresent(unused -> names.add(L2SpPenalty.NAME));
    return names;
  }

  /** This replica's loss of a part of a step, without the penalty. */
  Tensor loss(StepBatch batch, StepMetrics metrics) {
    return losses.stream()
        .flatMap(loss -> loss.of(batch, metrics).stream())
        .reduce(Ops::add)
        .orElseThrow();
  }

  /** Adds the penalty, which is the same on all replicas, to numbers that are summed over them. */
  void addPenalty(StepMetrics summed) {
    penalty.ifPresent(l2Sp -> summed.add(L2SpPenalty.NAME, l2Sp.value()));
  }

  /** The loss of a step. */
  double value(int step, StepMetrics metrics) {
    double sum = 0;
    for (StepLoss loss : losses) {
      sum += loss.value(step, metrics);
    }
    return sum + penalty(metrics).orElse(0.0);
  }

  private Optional<Double> penalty(StepMetrics metrics) {
    return penalty.map(unused -> metrics.of(L2SpPenalty.NAME));
  }

  /** The terms by what people call them. */
  Map<String, Double> titled(int step, StepMetrics metrics) {
    Map<String, Double> terms = new LinkedHashMap<>();
    losses.forEach(loss -> terms.putAll(loss.titled(step, metrics)));
    penalty(metrics).ifPresent(value -> terms.put(L2SpPenalty.TITLE, value));
    return terms;
  }

  /** The terms by their names, for a line of the log. */
  Map<String, Double> parts(int step, StepMetrics metrics) {
    Map<String, Double> parts = new LinkedHashMap<>();
    losses.forEach(loss -> parts.putAll(loss.parts(step, metrics)));
    penalty(metrics).ifPresent(value -> parts.put(L2SpPenalty.NAME, value));
    return parts;
  }

  /** What else there is to say about the step just computed, within its tensors' scope. */
  Map<String, Double> measured() {
    Map<String, Double> values = new LinkedHashMap<>();
    losses.forEach(loss -> values.putAll(loss.measured()));
    return values;
  }

  /** Its entries of metrics.json; see {@link StepLoss#summary}. */
  Map<String, Object> summary(ToDoubleFunction<String> recent) {
    Map<String, Object> entries = new LinkedHashMap<>();
    losses.forEach(loss -> entries.putAll(loss.summary(recent)));
    return entries;
  }
}
