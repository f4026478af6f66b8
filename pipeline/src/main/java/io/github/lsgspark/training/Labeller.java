package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.torch.Ops;
import org.bytedeco.pytorch.Tensor;

/**
 * Who says what an unlabelled sample is: the classifier, or classifier and class prototypes
 * together, as {@code evaluate.prototypes = ensemble} has it.
 *
 * @param guidance whose prototypes take part; null for the classifier alone
 */
record Labeller(Network network, LsgObjective guidance) {

  /** Probabilities [n,C] without a gradient, of features [n,d] and their logits. */
  Tensor probabilities(Tensor features, Tensor logits) {
    Tensor head = Ops.softmax(logits.detach(), 1);
    if (guidance == null) {
      return head;
    }
    Tensor projected = network.project(features.detach(), BatchNormalization.runningStatistics());
    return Ops.mul(Ops.add(head, guidance.prototypeProbabilities(projected.detach())), 0.5);
  }
}
