package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import io.github.lsgspark.training.ssl.PseudoLabelStats;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * What unlabelled samples add to a step's loss: the cross-entropy of the images that were given a
 * pseudo-label, and the LSG losses of their views. Both are means over the images of the step,
 * taken or not, so few of them weigh little.
 *
 * <p>Which images are taken is known to every replica. What replicas do together in the forward or
 * the backward pass (synchronised batch normalisation, the projections of the global batch) they do
 * all as soon as one image of the global batch is taken: a replica that has taken none computes
 * with no rows.
 */
final class UnlabelledLoss {
  private final SslSettings settings;
  private final Forward forward;
  private final LsgObjective guidance;
  private final Labeller labeller;
  private final PseudoLabelling strategy;
  private final Collective collective;
  private final ComputeDevice device;
  private final int classes;
  private final PseudoLabelStats tally;

  /**
   * @param guidance null for plain fine-tuning
   */
  UnlabelledLoss(
      SslSettings settings,
      Forward forward,
      LsgObjective guidance,
      Labeller labeller,
      PseudoLabelling strategy,
      Collective collective,
      int classes) {
    this.settings = settings;
    this.forward = forward;
    this.guidance = guidance;
    this.labeller = labeller;
    this.strategy = strategy;
    this.collective = collective;
    this.device = forward.numerics().device();
    this.classes = classes;
    this.tally = new PseudoLabelStats(classes);
  }

  PseudoLabelStats tally() {
    return tally;
  }

  /**
   * The loss of one part of a step.
   *
   * @param weight of the unlabelled terms in it
   * @param factor of the guidance in them
   * @return empty if nothing of this replica's part enters
   */
  Optional<Tensor> of(
      BatchPlan plan, ViewBatch views, double weight, double factor, StepMetrics sums) {
    Seen seen = strategy.looksAtProbabilities() ? lookFirst(plan, views) : decideFirst(plan, views);
    tally.add(Arrays.copyOf(seen.plan().labels(), plan.indices().length), plan.truths());
    List<Tensor> parts = new ArrayList<>();
    if (settings.crossEntropy(guidance != null)) {
      crossEntropy(seen, weight, sums, parts);
    }
    if (settings.lsg(guidance != null)) {
      guided(seen, weight, factor, sums, parts);
    }
    return parts.stream().reduce(Ops::add);
  }

  /**
   * Views that went through the network.
   *
   * @param plan with the pseudo-labels
   * @param rows which of this replica's rows
   * @param features of these; may be null if there are none
   * @param logits of these; null if nothing needs them
   */
  private record Seen(BatchPlan plan, int[] rows, Tensor features, Tensor logits) {

    /** Label of the i-th one. */
    int label(int i) {
      return plan.labels()[(int) plan.rows()[rows[i]]];
    }

    /** Place of the i-th one in the global batch. */
    long row(int i) {
      return plan.rows()[rows[i]];
    }

    /** Whether any replica has taken an image. */
    boolean anyTaken() {
      return Arrays.stream(plan.labels()).anyMatch(label -> label >= 0);
    }

    /** Those with a label, from a row of the global batch on. */
    List<Integer> taken(long fromRow) {
      return IntStream.range(0, rows.length)
          .filter(i -> row(i) >= fromRow && label(i) >= 0)
          .boxed()
          .toList();
    }
  }

  /** All views go through the network, whose probabilities decide. */
  private Seen lookFirst(BatchPlan plan, ViewBatch views) {
    Tensor features = forward.features(views);
    Tensor logits = forward.logits(features);
    int images = plan.ownImages().length;
    // The first views are this replica's first rows.
    float[][] weak =
        rows(
            labeller.probabilities(
                Ops.narrow(features.detach(), 0, 0, images),
                Ops.narrow(logits.detach(), 0, 0, images)));
    int[] all = IntStream.range(0, plan.rows().length).toArray();
    return new Seen(plan.relabelled(decide(plan, weak)), all, features, logits);
  }

  /** Only views of images that have a label go through the network. */
  private Seen decideFirst(BatchPlan plan, ViewBatch views) {
    BatchPlan labelled = plan.relabelled(decide(plan, null));
    long[] labels = labelled.ownLabels();
    int[] rows = IntStream.range(0, labels.length).filter(row -> labels[row] >= 0).toArray();
    Seen nothing = new Seen(labelled, rows, null, null);
    if (rows.length == 0 && !(forward.featuresExchange() && nothing.anyTaken())) {
      return nothing;
    }
    Tensor features =
        rows.length == labels.length ? forward.features(views) : forward.features(views, rows);
    Tensor logits = settings.crossEntropy(guidance != null) ? forward.logits(features) : null;
    return new Seen(labelled, rows, features, logits);
  }

  /** The label of each image of the global batch, the same on every replica. */
  private int[] decide(BatchPlan plan, float[][] probabilities) {
    if (probabilities != null && !Arrays.stream(probabilities).allMatch(Finite::all)) {
      throw LsgException.failed(
          "the network's probabilities of an unlabelled sample are no finite numbers; lower"
              + " train.learning-rate, or set train.gradient-clip");
    }
    int[] own = plan.ownImages();
    int[] samples = Arrays.stream(own).map(image -> plan.indices()[image]).toArray();
    int[] decided = strategy.decide(samples, probabilities);
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
    return Arrays.stream(all).mapToInt(label -> (int) Math.round(label) - 1).toArray();
  }

  private static float[][] rows(Tensor matrix) {
    int columns = (int) matrix.size(1);
    float[] flat = Tensors.floats(matrix);
    float[][] rows = new float[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  private void crossEntropy(Seen seen, double weight, StepMetrics sums, List<Tensor> parts) {
    BatchPlan plan = seen.plan();
    int images = plan.indices().length;
    int firstView = strategy.looksAtProbabilities() ? 1 : 0;
    List<Integer> taken = seen.taken((long) firstView * images);
    if (!taken.isEmpty()) {
      Tensor chosen = Ops.indexSelect(seen.logits(), 0, places(taken));
      long[] labels = taken.stream().mapToLong(seen::label).toArray();
      Tensor targets = Tensors.to(Tensors.of(labels, labels.length), Dtype.INT64, device);
      double share = (double) labels.length / (plan.labels().length - firstView * images);
      Tensor loss = Ops.crossEntropy(chosen, targets, 0);
      sums.unlabelled(weight * share * Tensors.item(loss.detach()));
      parts.add(Ops.mul(loss, weight * share));
    } else if (forward.featuresExchange() && seen.anyTaken()) {
      parts.add(ofNoRows(seen.logits()));
    }
    double balance = settings.fairnessWeight() * weight;
    if (strategy.balances() && balance > 0) {
      fairness(seen, taken, balance, sums, parts);
    }
  }

  /** Nothing, by way of the network: its backward pass takes part in what replicas do together. */
  private Tensor ofNoRows(Tensor computed) {
    return Ops.sum(Ops.indexSelect(computed, 0, places(List.of())));
  }

  /**
   * One term of all replicas: each adds the gradient of its own images, and its part of the sum.
   */
  private void fairness(
      Seen seen, List<Integer> taken, double balance, StepMetrics sums, List<Tensor> parts) {
    Tensor chosen =
        taken.isEmpty()
            ? Tensors.zeros(Dtype.FLOAT32, device, 0, classes)
            : Ops.indexSelect(seen.logits(), 0, places(taken));
    Optional<Tensor> term = strategy.fairness(chosen);
    double own = (double) seen.plan().rows().length / seen.plan().labels().length;
    term.ifPresent(value -> sums.unlabelled(balance * own * Tensors.item(value.detach())));
    if (!taken.isEmpty()) {
      parts.add(Ops.mul(term.orElseThrow(), balance));
    }
  }

  private void guided(
      Seen seen, double weight, double factor, StepMetrics sums, List<Tensor> parts) {
    // Places in the global batch become places among the accepted rows.
    int[] labels = seen.plan().labels();
    int[] placeOf = new int[labels.length];
    List<Integer> accepted = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      placeOf[row] = accepted.size();
      if (labels[row] >= 0) {
        accepted.add(labels[row]);
      }
    }
    List<Integer> own = seen.taken(0);
    boolean exchanges = forward.featuresExchange() || forward.projectionsExchange();
    if (accepted.isEmpty() || (own.isEmpty() && !guidance.gathers() && !exchanges)) {
      return;
    }
    Tensor chosen =
        seen.features() == null
            ? Tensors.zeros(Dtype.FLOAT32, device, 0, forward.network().featureDimension())
            : own.size() == seen.rows().length
                ? seen.features()
                : Ops.indexSelect(seen.features(), 0, places(own));
    if (own.isEmpty() && !guidance.gathers()) {
      parts.add(ofNoRows(forward.project(chosen)));
      return;
    }
    long[] rows = own.stream().mapToLong(i -> placeOf[(int) seen.row(i)]).toArray();
    LsgObjective.Losses losses =
        guidance.losses(
            forward.project(chosen), rows, accepted.stream().mapToInt(label -> label).toArray());
    double share = weight * accepted.size() / labels.length;
    sums.guided(losses, true, share);
    parts.add(Ops.mul(losses.total(), share * factor));
  }

  private Tensor places(List<Integer> rows) {
    long[] places = rows.stream().mapToLong(row -> row).toArray();
    return Tensors.to(Tensors.of(places, places.length), Dtype.INT64, device);
  }
}
