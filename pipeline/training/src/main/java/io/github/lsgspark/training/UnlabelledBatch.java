package io.github.lsgspark.training;

import io.github.lsgspark.dataset.ViewBatch;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Unlabelled rows with their pseudo-labels, and what several terms share about them: each is
 * computed once, when the first term asks for it. Which images are taken is known to every replica.
 */
final class UnlabelledBatch {
  private final Forward forward;
  private final BatchPlan plan;
  private final int[] rows;
  private final int firstView;
  private final Optional<Tensor> features;
  private Tensor logits;
  private Tensor takenLogits;
  private List<Integer> taken;

  private UnlabelledBatch(
      Forward forward, BatchPlan plan, int[] rows, int firstView, Optional<Tensor> features) {
    this.forward = forward;
    this.plan = plan;
    this.rows = rows;
    this.firstView = firstView;
    this.features = features;
  }

  /**
   * All views go through the network, whose probabilities decide; the first view of an image does
   * not train the classifier.
   */
  static UnlabelledBatch lookFirst(
      Forward forward, PseudoLabeller labeller, BatchPlan plan, ViewBatch views) {
    Tensor features = forward.features(views);
    Tensor logits = forward.logits(features);
    BatchPlan decided = labeller.decide(plan, features, logits);
    int[] all = IntStream.range(0, plan.rows().length).toArray();
    UnlabelledBatch batch = new UnlabelledBatch(forward, decided, all, 1, Optional.of(features));
    batch.logits = logits;
    return batch;
  }

  /** Only views of images that have a label go through the network. */
  static UnlabelledBatch decideFirst(
      Forward forward, PseudoLabeller labeller, BatchPlan plan, ViewBatch views) {
    BatchPlan decided = labeller.decide(plan);
    long[] labels = decided.ownLabels();
    int[] rows = IntStream.range(0, labels.length).filter(row -> labels[row] >= 0).toArray();
    Optional<Tensor> features =
        rows.length == 0 && !(forward.featuresExchange() && anyTaken(decided))
            ? Optional.empty()
            : Optional.of(
                rows.length == labels.length
                    ? forward.features(views)
                    : forward.features(views, rows));
    return new UnlabelledBatch(forward, decided, rows, 0, features);
  }

  /** With the pseudo-labels. */
  BatchPlan plan() {
    return plan;
  }

  /** Rows of the global batch that may train the classifier. */
  int classifiedRows() {
    return plan.labels().length - firstView * plan.indices().length;
  }

  /** Whether any replica has taken an image. */
  boolean anyTaken() {
    return anyTaken(plan);
  }

  private static boolean anyTaken(BatchPlan plan) {
    return Arrays.stream(plan.labels()).anyMatch(label -> label >= 0);
  }

  /** Label of the i-th row that went through the network. */
  int label(int i) {
    return plan.labels()[(int) plan.rows()[rows[i]]];
  }

  /** Place of the i-th one's image in the list of unlabelled samples. */
  int sample(int i) {
    return plan.indices()[(int) (row(i) % plan.indices().length)];
  }

  /** Place of the i-th one in the global batch. */
  long row(int i) {
    return plan.rows()[rows[i]];
  }

  /** Those of this replica with a label, all views. */
  List<Integer> taken() {
    return takenFrom(0);
  }

  /** Those with a label whose view trains the classifier. */
  List<Integer> classified() {
    if (taken == null) {
      taken = takenFrom((long) firstView * plan.indices().length);
    }
    return taken;
  }

  private List<Integer> takenFrom(long row) {
    return IntStream.range(0, rows.length)
        .filter(i -> row(i) >= row && label(i) >= 0)
        .boxed()
        .toList();
  }

  /** Logits of all rows that went through the network; only where there are features. */
  Tensor logits() {
    if (logits == null) {
      logits = forward.logits(features.orElseThrow());
    }
    return logits;
  }

  /** Logits [n,C] of the rows that train the classifier; n may be 0. */
  Tensor classifiedLogits() {
    if (takenLogits == null) {
      takenLogits =
          classified().isEmpty()
              ? Tensors.zeros(Dtype.FLOAT32, device(), 0, forward.network().classes())
              : Ops.indexSelect(logits(), 0, places(classified()));
    }
    return takenLogits;
  }

  /** Features [n,F] of some rows; n may be 0. */
  Tensor features(List<Integer> some) {
    if (features.isEmpty()) {
      return Tensors.zeros(Dtype.FLOAT32, device(), 0, forward.network().featureDimension());
    }
    return some.size() == rows.length
        ? features.get()
        : Ops.indexSelect(features.get(), 0, places(some));
  }

  /** Nothing, by way of the network: its backward pass takes part in what replicas do together. */
  Tensor ofNoRows(Tensor computed) {
    return Ops.sum(Ops.indexSelect(computed, 0, places(List.of())));
  }

  ComputeDevice device() {
    return forward.policy().device();
  }

  private Tensor places(List<Integer> some) {
    long[] places = some.stream().mapToLong(row -> row).toArray();
    return Tensors.to(Tensors.of(places, places.length), Dtype.INT64, device());
  }
}
