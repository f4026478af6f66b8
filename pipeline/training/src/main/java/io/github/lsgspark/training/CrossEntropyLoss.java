package io.github.lsgspark.training;

import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.training.metrics.TrainingProgress;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Tensor;

/** The mean cross entropy of the classifier's logits against the labels. */
final class CrossEntropyLoss implements LossTerm<LabelledBatch> {
  private final double labelSmoothing;
  private final UnaryOperator<Tensor> targets;

  /**
   * @param targets of the classifier, from labels [b] int64: these, or probabilities [b,C]
   */
  CrossEntropyLoss(double labelSmoothing, UnaryOperator<Tensor> targets) {
    this.labelSmoothing = labelSmoothing;
    this.targets = targets;
  }

  @Override
  public String name() {
    return TrainingProgress.CROSS_ENTROPY;
  }

  @Override
  public String title() {
    return "cross-entropy";
  }

  @Override
  public double weight(int step) {
    return 1;
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    Tensor logits = batch.logits();
    Tensor wanted = targets.apply(batch.targets());
    return Optional.of(
        LossValue.ofRows(
            Ops.crossEntropy(logits, wanted, labelSmoothing), batch.rows(), batch.globalRows()));
  }
}
