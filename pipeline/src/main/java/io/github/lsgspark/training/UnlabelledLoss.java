package io.github.lsgspark.training;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.Tally;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * What unlabelled samples add to a step's loss: the cross-entropy of the images that were given a
 * pseudo-label, and the LSG losses of their views. Both are means over the images of the step,
 * taken or not, so few of them weigh little.
 */
final class UnlabelledLoss {
  private final SslSettings settings;
  private final Forward forward;
  private final Guidance guidance;
  private final PseudoLabelling strategy;
  private final Collective collective;
  private final ComputeDevice device;
  private final Tally tally;

  /**
   * @param guidance null for plain fine-tuning
   */
  UnlabelledLoss(
      SslSettings settings,
      Forward forward,
      Guidance guidance,
      PseudoLabelling strategy,
      Collective collective,
      int classes) {
    this.settings = settings;
    this.forward = forward;
    this.guidance = guidance;
    this.strategy = strategy;
    this.collective = collective;
    this.device = forward.numerics().device();
    this.tally = new Tally(classes);
  }

  Tally tally() {
    return tally;
  }

  /**
   * The loss of one part of a step.
   *
   * @param weight of the unlabelled terms in it
   * @return empty if nothing of this replica's part enters
   */
  Optional<Tensor> of(BatchPlan plan, ViewBatch views, double weight, StepSums sums) {
    Tensor features = forward.features(views);
    boolean crossEntropy = settings.crossEntropy(guidance != null);
    Tensor logits =
        crossEntropy || strategy.looksAtProbabilities() ? forward.logits(features) : null;
    int[] labels = decide(plan, logits);
    tally.add(labels, plan.truths());
    List<Tensor> parts = new ArrayList<>();
    if (crossEntropy) {
      crossEntropy(plan.relabelled(labels), logits, weight, sums, parts);
    }
    if (settings.lsg(guidance != null)) {
      guided(plan.relabelled(labels), features, weight, sums, parts);
    }
    return parts.stream().reduce(Ops::add);
  }

  /** The label of each image of the global batch, the same on every replica. */
  private int[] decide(BatchPlan plan, Tensor logits) {
    int[] own = plan.ownImages();
    int[] samples = new int[own.length];
    for (int i = 0; i < own.length; i++) {
      samples[i] = plan.indices()[own[i]];
    }
    int[] decided =
        strategy.decide(
            samples, strategy.looksAtProbabilities() ? probabilities(logits, own.length) : null);
    // Shifted by one, so that 0 is what other replicas decide.
    double[] all = new double[plan.indices().length];
    for (int i = 0; i < own.length; i++) {
      all[own[i]] = 1 + decided[i];
    }
    if (collective.worldSize() > 1) {
      try (TensorScope scope = new TensorScope()) {
        Tensor sum = Tensors.to(Tensors.of(all, all.length), Dtype.FLOAT64, device);
        collective.allReduceSum(sum, "the pseudo-labels of the batch");
        all = Tensors.doubles(sum);
      }
    }
    int[] labels = new int[all.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (int) Math.round(all[i]) - 1;
    }
    return labels;
  }

  /** Of the first views, which are this replica's first rows. */
  private static float[][] probabilities(Tensor logits, int images) {
    Tensor weak = Ops.softmax(Ops.narrow(logits.detach(), 0, 0, images), 1);
    int classes = (int) weak.size(1);
    float[] flat = Tensors.floats(weak);
    float[][] rows = new float[images][classes];
    for (int i = 0; i < images; i++) {
      System.arraycopy(flat, i * classes, rows[i], 0, classes);
    }
    return rows;
  }

  private void crossEntropy(
      BatchPlan plan, Tensor logits, double weight, StepSums sums, List<Tensor> parts) {
    int firstView = strategy.looksAtProbabilities() ? 1 : 0;
    int images = plan.indices().length;
    List<Integer> taken = new ArrayList<>();
    for (int row = 0; row < plan.rows().length; row++) {
      if (plan.rows()[row] >= (long) firstView * images && plan.ownLabels()[row] >= 0) {
        taken.add(row);
      }
    }
    if (taken.isEmpty()) {
      return;
    }
    Tensor chosen = Ops.indexSelect(logits, 0, places(taken));
    long[] labels = taken.stream().mapToLong(row -> plan.ownLabels()[row]).toArray();
    Tensor targets = Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, device);
    double share = (double) labels.length / (plan.labels().length - firstView * images);
    Tensor loss = Ops.crossEntropy(chosen, targets, 0);
    sums.unlabelled(weight * share * Tensors.item(loss.detach()));
    parts.add(Ops.mul(loss, weight * share));
    double balance = settings.fairnessWeight() * weight * plan.rows().length / plan.labels().length;
    if (balance > 0) {
      strategy
          .fairness(chosen)
          .ifPresent(
              term -> {
                sums.unlabelled(balance * Tensors.item(term.detach()));
                parts.add(Ops.mul(term, balance));
              });
    }
  }

  private void guided(
      BatchPlan plan, Tensor features, double weight, StepSums sums, List<Tensor> parts) {
    // Places in the global batch become places among the accepted rows.
    int[] placeOf = new int[plan.labels().length];
    List<Integer> accepted = new ArrayList<>();
    for (int row = 0; row < placeOf.length; row++) {
      placeOf[row] = accepted.size();
      if (plan.labels()[row] >= 0) {
        accepted.add(plan.labels()[row]);
      }
    }
    List<Integer> own = new ArrayList<>();
    for (int row = 0; row < plan.rows().length; row++) {
      if (plan.ownLabels()[row] >= 0) {
        own.add(row);
      }
    }
    if (accepted.isEmpty() || (own.isEmpty() && !guidance.gathers())) {
      return;
    }
    Tensor chosen =
        own.size() == plan.rows().length ? features : Ops.indexSelect(features, 0, places(own));
    long[] rows = own.stream().mapToLong(row -> placeOf[(int) plan.rows()[row]]).toArray();
    Guidance.Losses losses =
        guidance.losses(
            forward.project(chosen), rows, accepted.stream().mapToInt(label -> label).toArray());
    double share = weight * accepted.size() / plan.labels().length;
    sums.guided(losses, true, share);
    parts.add(Ops.mul(losses.total(), share));
  }

  private Tensor places(List<Integer> rows) {
    long[] places = rows.stream().mapToLong(row -> row).toArray();
    return Tensors.to(Tensors.of(places, places.length), Dtype.INT64, device);
  }
}
