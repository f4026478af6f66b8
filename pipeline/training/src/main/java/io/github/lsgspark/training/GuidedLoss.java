package io.github.lsgspark.training;

import io.github.lsgspark.lsg.LossTerms;
import io.github.lsgspark.lsg.LsgBatch;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.Tensors;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The LSG objective on the labelled rows (docs/method.md, section 4). */
final class GuidedLoss implements StepLoss {
  private static final Logger LOG = LoggerFactory.getLogger(GuidedLoss.class);

  private final LsgObjective objective;
  private final LossTerms<LsgBatch> terms;
  private final int classes;
  private final boolean speaks;
  private Optional<LsgBatch> last = Optional.empty();

  /**
   * @param classes C
   * @param speaks whether this replica warns of a collapse
   */
  GuidedLoss(LsgObjective objective, int classes, boolean speaks) {
    this.objective = objective;
    this.terms = objective.terms("");
    this.classes = classes;
    this.speaks = speaks;
  }

  @Override
  public List<String> metrics() {
    return terms.metrics();
  }

  @Override
  public Optional<Tensor> of(StepBatch batch, StepMetrics metrics) {
    LabelledBatch rows = batch.labelled();
    LsgBatch nodes = objective.batch(rows.projected(), rows.plan().rows(), rows.plan().labels());
    last = Optional.of(nodes);
    return objective.loss(terms, nodes, batch.step(), batch.part(), metrics);
  }

  @Override
  public double value(int step, StepMetrics metrics) {
    return objective.value(terms, step, metrics);
  }

  @Override
  public Map<String, Double> titled(int step, StepMetrics metrics) {
    return terms.titled(metrics);
  }

  @Override
  public Map<String, Double> parts(int step, StepMetrics metrics) {
    return terms.numbers(metrics);
  }

  /** Of the last part of the step. */
  @Override
  public Map<String, Double> measured() {
    Map<String, Double> values = new LinkedHashMap<>();
    last.ifPresent(
        nodes -> {
          values.put(
              LsgObjective.PROJECTOR_NORM,
              Tensors.item(RowOps.rowNorms(nodes.local().detach()).mean()));
          values.put(LsgObjective.PROTOTYPE_ACCURACY, objective.prototypeAccuracy(nodes));
        });
    return values;
  }

  /** A prototype accuracy below 2/C is reported as a collapse. */
  @Override
  public Map<String, Object> summary(ToDoubleFunction<String> recent) {
    double accuracy = recent.applyAsDouble(LsgObjective.PROTOTYPE_ACCURACY);
    boolean collapsed = accuracy < 2.0 / classes;
    if (collapsed && speaks) {
      LOG.warn(
          "the projection tells classes apart no better than chance (prototype accuracy {}):"
              + " the guidance has collapsed, see lsg.normalize-projection",
          accuracy);
    }
    Map<String, Object> entries = new LinkedHashMap<>();
    entries.put(LsgObjective.PROTOTYPE_ACCURACY, accuracy);
    entries.put(LsgObjective.PROJECTOR_NORM, recent.applyAsDouble(LsgObjective.PROJECTOR_NORM));
    entries.put("collapsed", collapsed);
    return entries;
  }
}
