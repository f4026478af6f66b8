package io.github.lsgspark.training;

import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.torch.Ops;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The confidence penalty (Pereyra et al., "Regularizing Neural Networks by Penalizing Confident
 * Output Distributions", ICLR 2017 workshop): the negative entropy of the predictions, Σ_c p_c log
 * p_c, as a mean over the batch.
 */
final class ConfidencePenalty implements LossTerm<LabelledBatch> {
  private static final double SMALLEST = 1e-12;

  private final double beta;

  ConfidencePenalty(double beta) {
    this.beta = beta;
  }

  @Override
  public String name() {
    return "confidence_penalty";
  }

  @Override
  public double weight(int step) {
    return beta;
  }

  @Override
  public Optional<LossValue> value(LabelledBatch batch) {
    Tensor p = Ops.softmax(batch.logits(), 1);
    Tensor logs = Ops.log(Ops.clampMin(p, SMALLEST));
    Tensor mean = Ops.mean(Ops.sum(Ops.mul(p, logs), 1, false));
    return Optional.of(LossValue.ofRows(mean, batch.rows(), batch.globalRows()));
  }
}
