package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.GradientBuckets;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.metrics.TrainingProgress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Loss and gradient of one step (docs/method.md, section 5): the replica's share of the global
 * batch, part by part, then the sum over the replicas, which sets out while the last part's
 * backward pass runs.
 */
final class TrainingStep implements AutoCloseable {
  // Names of values of a line.
  static final String PROJECTOR_NORM = "projector_norm";
  static final String PROTOTYPE_ACCURACY = "prototype_accuracy";

  private final Settings settings;
  private final TrainSettings train;
  private final int iterations;
  private final Network network;
  private final LsgObjective guidance;
  private final UnlabelledLoss unlabelledLoss;
  private final L2SpPenalty startingPoint;
  private final PrecisionPolicy numerics;
  private final Collective collective;
  private final Forward forward;

  /** Null where the gradients are the optimiser's to sum. */
  private final GradientBuckets buckets;

  private Seen seen;

  /** What the last labelled part left for the line of the log. */
  private record Seen(Tensor projected, LsgObjective.Losses losses) {}

  /**
   * @param iterations of the training
   * @param guidance null for plain fine-tuning
   * @param unlabelledLoss null without unlabelled samples
   * @param startingPoint null without L2-SP; its gradient is the optimiser's to add
   * @param sums whether gradients are summed over the replicas here
   */
  TrainingStep(
      Settings settings,
      int iterations,
      Forward forward,
      LsgObjective guidance,
      UnlabelledLoss unlabelledLoss,
      L2SpPenalty startingPoint,
      Collective collective,
      boolean sums) {
    this.settings = settings;
    this.train = settings.train();
    this.iterations = iterations;
    this.network = forward.network();
    this.guidance = guidance;
    this.unlabelledLoss = unlabelledLoss;
    this.numerics = forward.numerics();
    this.startingPoint = startingPoint;
    this.collective = collective;
    this.forward = forward;
    this.buckets =
        sums
            ? new GradientBuckets(
                network.trained(),
                collective,
                train.exchange().bucketBytes(),
                train.exchange().dtype() == TrainSettings.ExchangeSettings.Wire.BFLOAT16)
            : null;
  }

  /**
   * Computes the gradient of a step, summed over all replicas if that is done here, and its
   * numbers.
   *
   * @param labelled batches, of which {@code train.accumulation} are taken
   * @param unlabelled batches; null without
   * @param stop whether this replica was asked to stop
   */
  StepMetrics gradient(int step, Batches labelled, Batches unlabelled, boolean stop) {
    double factor = settings.lsg().schedule().factorAt(step, iterations);
    StepMetrics sums = new StepMetrics(settings.lsg(), factor);
    if (stop) {
      sums.stop();
    }
    network.trained().zeroGradients();
    int parts = train.accumulation();
    collective.at("step " + (step + 1));
    for (int part = 0; part < parts - 1; part++) {
      try (TensorScope scope = new TensorScope()) {
        part(step, part, factor, labelled, unlabelled, sums);
      }
    }
    part(step, parts - 1, factor, labelled, unlabelled, sums);
    sums.reduce(collective, numerics.device(), "the losses of step " + (step + 1));
    if (startingPoint != null) {
      sums.l2Sp(startingPoint.value());
    }
    return sums;
  }

  /**
   * @param factor of the guidance in this step
   */
  private void part(
      int step, int part, double factor, Batches labelled, Batches unlabelled, StepMetrics sums) {
    double weight = 1.0 / train.accumulation();
    long number = (long) step * train.accumulation() + part;
    double unlabelledWeight = unlabelled == null ? 0 : settings.ssl().weightAt(step);
    boolean last = part == train.accumulation() - 1;
    // Tensors look into the batches' memory until the backward pass has ended.
    try (ViewBatch views = labelled.next();
        ViewBatch others = unlabelledWeight > 0 ? unlabelled.next() : null) {
      Tensor loss = labelledLoss(labelled.plan(number), views, weight, factor, sums);
      if (others != null) {
        Optional<Tensor> more =
            unlabelledLoss.of(
                unlabelled.plan(number), others, unlabelledWeight * weight, factor, sums);
        loss = more.isPresent() ? Ops.add(loss, more.get()) : loss;
      }
      boolean summing = last && buckets != null;
      if (summing) {
        buckets.arm("the gradients of step " + (step + 1));
      }
      Ops.backward(loss);
      if (summing) {
        buckets.finish();
      }
    }
  }

  private Tensor labelledLoss(
      BatchPlan plan, ViewBatch views, double weight, double factor, StepMetrics sums) {
    Tensor features = forward.features(views);
    Tensor logits = forward.logits(features);
    long[] labels = plan.ownLabels();
    Tensor targets = Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, numerics.device());
    double share = weight * labels.length / plan.labels().length;
    Tensor wanted = guidance == null ? targets : guidance.targets(targets);
    Tensor crossEntropy = Ops.crossEntropy(logits, wanted, train.labelSmoothing());
    sums.labelled(Tensors.item(crossEntropy.detach()), Ops.hits(logits.detach(), targets), share);
    Tensor loss = Ops.mul(crossEntropy, share);
    if (train.transfer().uses(TransferSettings.Method.BSS)) {
      loss = Ops.add(loss, shrinkage(features, share, sums));
    }
    if (guidance == null) {
      return loss;
    }
    Tensor projected = forward.project(features);
    LsgObjective.Losses losses = guidance.losses(projected, plan.rows(), plan.labels());
    seen = new Seen(projected, losses);
    sums.guided(losses, false, weight);
    double guided = weight * factor;
    return Ops.add(loss, guided == 1 ? losses.total() : Ops.mul(losses.total(), guided));
  }

  /** BSS of this part of the batch, weighted by its share, as data-parallel training has it. */
  private Tensor shrinkage(Tensor features, double share, StepMetrics sums) {
    TransferSettings.BssSettings bss = train.transfer().bss();
    Tensor term = Ops.mul(BatchSpectralShrinkage.loss(features, bss.k()), bss.eta() * share);
    sums.shrunk(Tensors.item(term.detach()));
    return term;
  }

  /** Numbers of the step just computed, within its scope. */
  Map<String, Double> line(StepMetrics sums, double learningRate) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put(TrainingProgress.CROSS_ENTROPY, sums.crossEntropy());
    if (guidance != null) {
      values.put(TrainingProgress.ALIGN, sums.align());
      values.put(TrainingProgress.REGULARIZATION, sums.regularization());
      if (settings.lsg().prototypeFactor() > 0) {
        values.put(TrainingProgress.PROTOTYPES, sums.prototypes());
      }
      values.put(PROJECTOR_NORM, Tensors.item(Ops.rowNorms(seen.projected().detach()).mean()));
      values.put(PROTOTYPE_ACCURACY, guidance.prototypeAccuracy(seen.losses()));
    }
    if (unlabelledLoss != null) {
      values.put(TrainingProgress.UNLABELLED, sums.unlabelled());
      values.putAll(unlabelledLoss.tally().take());
    }
    if (train.transfer().uses(TransferSettings.Method.BSS)) {
      values.put(TrainingProgress.SHRINKAGE, sums.shrinkage());
    }
    if (startingPoint != null) {
      values.put(TrainingProgress.L2_SP, sums.l2Sp());
    }
    double rows = (double) train.globalBatch() * train.views();
    values.put(TrainingProgress.ACCURACY, sums.hits() / rows);
    values.put(TrainingProgress.LEARNING_RATE, learningRate);
    return values;
  }

  @Override
  public void close() {
    if (buckets != null) {
      buckets.close();
    }
  }
}
