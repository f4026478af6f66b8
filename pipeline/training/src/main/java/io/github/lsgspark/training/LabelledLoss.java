package io.github.lsgspark.training;

import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossTerms;
import io.github.lsgspark.lsg.StepMetrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/** Terms that look at the labelled rows. */
final class LabelledLoss implements StepLoss {
  private final LossTerms<LabelledBatch> terms;

  LabelledLoss(List<LossTerm<LabelledBatch>> terms) {
    this.terms = new LossTerms<>(terms);
  }

  @Override
  public List<String> metrics() {
    return terms.metrics();
  }

  @Override
  public Optional<Tensor> of(StepBatch batch, StepMetrics metrics) {
    return terms.sum(batch.labelled(), batch.step(), batch.part(), metrics);
  }

  @Override
  public double value(int step, StepMetrics metrics) {
    return terms.value(step, metrics);
  }

  @Override
  public Map<String, Double> titled(int step, StepMetrics metrics) {
    return terms.titled(metrics);
  }

  @Override
  public Map<String, Double> parts(int step, StepMetrics metrics) {
    return terms.numbers(metrics);
  }
}
