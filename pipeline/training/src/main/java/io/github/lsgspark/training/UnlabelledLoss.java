package io.github.lsgspark.training;

import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossTerms;
import io.github.lsgspark.lsg.LsgBatch;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.training.ssl.PseudoLabelStats;
import io.github.lsgspark.training.ssl.Strategies;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/**
 * What unlabelled samples add to a step's loss: the cross-entropy of the images that were given a
 * pseudo-label, and the LSG objective on their views (docs/method.md, section 5). Both are means
 * over the images of the step, taken or not, so few of them weigh little.
 *
 * <p>What replicas do together in the forward or the backward pass (synchronised batch
 * normalisation, the projections of the global batch) they do all as soon as one image of the
 * global batch is taken: a replica that has taken none computes with no rows.
 */
final class UnlabelledLoss implements StepLoss {
  /** Name of the sum of its terms. */
  static final String NAME = "unlabelled";

  private static final String TITLE = "terms of unlabelled samples";
  private static final String PREFIX = NAME + "_";

  private final SslSettings settings;
  private final Forward forward;
  private final PseudoLabeller labeller;
  private final LossTerms<UnlabelledBatch> terms;
  private final Optional<LsgObjective> objective;
  private final Optional<LossTerms<LsgBatch>> guidedTerms;
  private final PseudoLabelStats stats;

  /**
   * @param objective of a guided training
   */
  UnlabelledLoss(
      SslSettings settings,
      Forward forward,
      PseudoLabeller labeller,
      Optional<LsgObjective> objective) {
    this.settings = settings;
    this.forward = forward;
    this.labeller = labeller;
    List<LossTerm<UnlabelledBatch>> classified = new ArrayList<>();
    if (Strategies.crossEntropy(settings, objective.isPresent())) {
      classified.add(
          new PseudoLabelLoss(settings, forward.featuresExchange(), labeller.strategy()));
      if (labeller.strategy().balances() && settings.fairnessWeight() > 0) {
        classified.add(new FairnessLoss(settings, labeller.strategy()));
      }
    }
    this.terms = new LossTerms<>(classified);
    this.objective = objective.filter(guided -> settings.lsg(true));
    this.guidedTerms = this.objective.map(guided -> guided.terms(PREFIX));
    this.stats = new PseudoLabelStats(forward.network().classes());
  }

  @Override
  public List<String> metrics() {
    return Stream.of(
            Stream.of(NAME),
            terms.metrics().stream(),
            guidedTerms.stream().flatMap(guided -> guided.metrics().stream()))
        .flatMap(names -> names)
        .distinct()
        .toList();
  }

  @Override
  public Optional<Tensor> of(StepBatch batch, StepMetrics metrics) {
    if (batch.unlabelled().isEmpty()) {
      return Optional.empty();
    }
    BatchPlan plan = batch.unlabelled().get().plan();
    UnlabelledBatch rows =
        labeller.strategy().looksAtProbabilities()
            ? UnlabelledBatch.lookFirst(forward, labeller, plan, batch.unlabelled().get().views())
            : UnlabelledBatch.decideFirst(
                forward, labeller, plan, batch.unlabelled().get().views());
    stats.add(Arrays.copyOf(rows.plan().labels(), plan.indices().length), plan.truths());
    Optional<Tensor> sum = terms.sum(rows, batch.step(), batch.part(), metrics);
    Optional<Tensor> more =
        objective.flatMap(guided -> guided(guided, rows, batch.step(), batch.part(), metrics));
    return Stream.concat(sum.stream(), more.stream()).reduce(Ops::add);
  }

  private Optional<Tensor> guided(
      LsgObjective guidance, UnlabelledBatch batch, int step, double part, StepMetrics metrics) {
    // Places in the global batch become places among the accepted rows.
    int[] labels = batch.plan().labels();
    int[] placeOf = new int[labels.length];
    List<Integer> accepted = new ArrayList<>();
    for (int row = 0; row < labels.length; row++) {
      placeOf[row] = accepted.size();
      if (labels[row] >= 0) {
        accepted.add(labels[row]);
      }
    }
    List<Integer> own = batch.taken();
    boolean exchanges = forward.featuresExchange() || forward.projectionsExchange();
    if (accepted.isEmpty() || (own.isEmpty() && !guidance.gathers() && !exchanges)) {
      return Optional.empty();
    }
    Tensor projected = forward.project(batch.features(own));
    if (own.isEmpty() && !guidance.gathers()) {
      return Optional.of(batch.ofNoRows(projected));
    }
    long[] rows = own.stream().mapToLong(i -> placeOf[(int) batch.row(i)]).toArray();
    LsgBatch nodes =
        guidance.batch(projected, rows, accepted.stream().mapToInt(label -> label).toArray());
    double share = settings.weightAt(step) * part * accepted.size() / labels.length;
    return guidance.loss(guidedTerms.orElseThrow(), nodes, step, share, metrics);
  }

  /** All terms, weighted. */
  @Override
  public double value(int step, StepMetrics metrics) {
    double guided =
        objective
            .map(guidance -> guidance.value(guidedTerms.orElseThrow(), step, metrics))
            .orElse(0.0);
    return metrics.of(NAME) + guided;
  }

  @Override
  public Map<String, Double> titled(int step, StepMetrics metrics) {
    return Map.of(TITLE, value(step, metrics));
  }

  @Override
  public Map<String, Double> parts(int step, StepMetrics metrics) {
    return Map.of(NAME, value(step, metrics));
  }

  /** What became of the images since the last call. */
  @Override
  public Map<String, Double> measured() {
    return stats.take();
  }

  @Override
  public Map<String, Object> summary(ToDoubleFunction<String> recent) {
    Map<String, Object> entries = new LinkedHashMap<>();
    for (String name :
        List.of(
            PseudoLabelStats.ACCEPTED_SHARE,
            PseudoLabelStats.LABEL_ACCURACY,
            PseudoLabelStats.CLASS_BALANCE)) {
      double value = recent.applyAsDouble(name);
      if (Double.isFinite(value)) {
        entries.put(name, value);
      }
    }
    return entries;
  }
}
