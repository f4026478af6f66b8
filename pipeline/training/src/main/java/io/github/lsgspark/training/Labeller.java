package io.github.lsgspark.training;

import io.github.lsgspark.backbone.BatchNormalization;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.torch.Ops;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * Who says what an unlabelled sample is: the classifier, or classifier and class prototypes
 * together, as {@code evaluate.prototypes = ensemble} has it.
 *
 * @param objective whose prototypes take part; empty for the classifier alone
 */
record Labeller(Network network, Optional<LsgObjective> objective) {

  /** Probabilities [n,C] without a gradient, of features [n,d] and their logits. */
  Tensor probabilities(Tensor features, Tensor logits) {
    Tensor head = Ops.softmax(logits.detach(), 1);
    if (objective.isEmpty()) {
      return head;
    }
    Tensor projected = network.project(features.detach(), BatchNormalization.runningStatistics());
    return Ops.mul(Ops.add(head, objective.get().prototypeProbabilities(projected.detach())), 0.5);
  }
}
