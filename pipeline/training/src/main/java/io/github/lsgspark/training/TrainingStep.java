package io.github.lsgspark.training;

import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.GradientBuckets;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Loss and gradient of one step (docs/method.md, section 5): the replica's share of the global
 * batch, part by part, then the sum over the replicas, which sets out while the last part's
 * backward pass runs.
 */
final class TrainingStep implements AutoCloseable {
  /** Rows whose label the classifier found. */
  static final String HITS = "hits";

  /** Replicas that were asked to stop. */
  static final String STOP = "stop";

  /** Length of the gradient as the optimiser gets it. */
  static final String GRADIENT_NORM = "gradient_norm";

  /** How long a step took before, on average over the replicas. */
  static final String SECONDS = "seconds";

  private final Forward forward;
  private final TrainingObjective objective;
  private final BatchStream labelled;
  private final Optional<SemiSupervision> ssl;
  private final Collective collective;
  private final int parts;
  private final boolean late;
  private final List<String> names;

  /** Empty where the gradients are the optimiser's to sum. */
  private final Optional<GradientBuckets> buckets;

  /**
   * @param ssl with open batches
   * @param parts of a step
   * @param late whether numbers stay on the device until they are asked for
   * @param buckets that sum gradients over the replicas; closed with this
   */
  TrainingStep(
      Forward forward,
      TrainingObjective objective,
      BatchStream labelled,
      Optional<SemiSupervision> ssl,
      Collective collective,
      int parts,
      boolean late,
      Optional<GradientBuckets> buckets) {
    this.forward = forward;
    this.objective = objective;
    this.labelled = labelled;
    this.ssl = ssl;
    this.collective = collective;
    this.names = new ArrayList<>(objective.metrics());
    names.add(HITS);
    names.add(STOP);
    names.add(GRADIENT_NORM);
    names.add(SECONDS);
    this.parts = parts;
    this.late = late;
    this.buckets = buckets;
  }

  /**
   * Computes the gradient of a step, summed over all replicas if that is done here, and its
   * numbers, which are always summed.
   *
   * @param stop whether this replica was asked to stop
   * @param seconds that steps took on this replica before
   */
  StepMetrics gradient(int step, boolean stop, double seconds) {
    StepMetrics metrics = new StepMetrics(names, late);
    metrics.add(STOP, stop ? 1 : 0);
    metrics.add(SECONDS, seconds / collective.worldSize());
    forward.network().trained().zeroGradients();
    collective.at("step " + (step + 1));
    for (int part = 0; part < parts - 1; part++) {
      try (TensorScope scope = new TensorScope()) {
        part(step, part, metrics);
      }
    }
    part(step, parts - 1, metrics);
    metrics.reduce(collective, forward.policy().device(), "the losses of step " + (step + 1));
    metrics.add(GRADIENT_NORM, Ops.length(forward.network().trained().gradients()), 1);
    objective.addPenalty(metrics);
    return metrics;
  }

  private void part(int step, int part, StepMetrics metrics) {
    long number = (long) step * parts + part;
    Optional<Batches> others = ssl.filter(s -> s.weightAt(step) > 0).map(SemiSupervision::batches);
    // Tensors look into the batches' memory until the backward pass has ended.
    try (ViewBatch views = labelled.next();
        Opened unlabelled = new Opened(others.map(Batches::next))) {
      LabelledBatch rows = new LabelledBatch(forward, labelled.plan(number), views);
      StepBatch batch =
          new StepBatch(
              step,
              1.0 / parts,
              rows,
              others.map(
                  batches ->
                      new StepBatch.Unlabelled(
                          batches.plan(number), unlabelled.views().orElseThrow())));
      Tensor loss = objective.loss(batch, metrics);
      metrics.add(HITS, RowOps.hitCount(rows.logits().detach(), rows.targets()), 1);
      backward(loss, step, part == parts - 1);
    }
  }

  private void backward(Tensor loss, int step, boolean last) {
    Optional<GradientBuckets> summing = buckets.filter(unused -> last);
    Network network = forward.network();
    String what = "the gradients of step " + (step + 1);
    // Where gradients come in parts, none is known to be whole before the end.
    if (!network.recomputes()) {
      summing.ifPresent(sums -> sums.arm(what));
    }
    network.backward(loss, forward.policy()::mixed);
    if (network.recomputes()) {
      summing.ifPresent(sums -> sums.arm(what));
    }
    summing.ifPresent(GradientBuckets::finish);
  }

  /** Views that may be there. */
  private record Opened(Optional<ViewBatch> views) implements AutoCloseable {
    @Override
    public void close() {
      views.ifPresent(ViewBatch::close);
    }
  }

  /** Time that the steps waited for views. */
  long waitedNanos() {
    return labelled.waitedNanos() + ssl.map(s -> s.batches().waitedNanos()).orElse(0L);
  }

  @Override
  public void close() {
    buckets.ifPresent(GradientBuckets::close);
  }
}
