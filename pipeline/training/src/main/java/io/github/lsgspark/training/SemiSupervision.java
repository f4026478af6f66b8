package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.training.ssl.LabelPropagation;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.Renewals;
import io.github.lsgspark.training.ssl.Strategies;
import io.github.lsgspark.training.ssl.StrategyContext;
import io.github.lsgspark.training.ssl.StrategyKind;
import java.util.Optional;

/** What a training makes of its unlabelled samples: strategy, loss and batches. */
final class SemiSupervision implements AutoCloseable {
  private final TrainingPlan plan;
  private final SslSettings settings;
  private final Collective collective;
  private final StrategyKind kind;
  private final PseudoLabelling strategy;
  private final UnlabelledLoss loss;
  private Batches batches;

  /**
   * @param plan with unlabelled samples
   * @param objective of a guided training
   */
  SemiSupervision(
      TrainingPlan plan,
      Forward forward,
      Inference inference,
      Optional<LsgObjective> objective,
      Collective collective) {
    this.plan = plan;
    this.settings = plan.settings().ssl();
    this.collective = collective;
    this.kind = Strategies.of(settings);
    boolean together = settings.labeller() == SslSettings.Labeller.ENSEMBLE;
    Labeller labeller = new Labeller(forward.network(), together ? objective : Optional.empty());
    this.strategy = kind.open(new Context(forward, inference, labeller));
    this.loss =
        new UnlabelledLoss(
            settings,
            forward,
            new PseudoLabeller(strategy, labeller, collective, forward.policy().device()),
            objective);
  }

  /** What the strategy of this training knows of it. */
  private final class Context implements StrategyContext {
    private final Forward forward;
    private final Inference inference;
    private final Labeller labeller;

    private Context(Forward forward, Inference inference, Labeller labeller) {
      this.forward = forward;
      this.inference = inference;
      this.labeller = labeller;
    }

    @Override
    public Settings settings() {
      return plan.settings();
    }

    @Override
    public int classes() {
      return plan.labels().size();
    }

    @Override
    public double[] classShares() {
      return SemiSupervision.this.classShares();
    }

    @Override
    public int unlabelled() {
      return plan.unlabelled().size();
    }

    @Override
    public int batchRatio() {
      return Strategies.batchRatio(settings);
    }

    @Override
    public int iterations() {
      return plan.iterations();
    }

    @Override
    public Collective collective() {
      return collective;
    }

    @Override
    public ComputeDevice device() {
      return forward.policy().device();
    }

    @Override
    public float[] softLabel(int sample) {
      return plan.softTargets().weighted(sample, classes());
    }

    @Override
    public PseudoLabelling passes(Renewals renewals) {
      return new PseudoLabels(pass(forward, inference, labeller), renewals, Optional.empty());
    }

    @Override
    public PseudoLabelling confidentPasses(Renewals renewals) {
      return new PseudoLabels(
          pass(forward, inference, labeller), renewals, Optional.of(classShares()));
    }
  }

  private LabelPass pass(Forward forward, Inference inference, Labeller labeller) {
    if (!settings.propagation().enabled()) {
      return LabelPass.each(plan.unlabelled(), inference, labeller, plan.settings().seed());
    }
    return LabelPass.propagated(
        plan.unlabelled(),
        plan.labelled(),
        inference,
        labeller,
        new LabelPropagation(settings.propagation(), classShares(), forward.policy().device()));
  }

  /** Each class's part of the labelled samples. */
  private double[] classShares() {
    double[] shares = new double[plan.labels().size()];
    for (Sample sample : plan.labelled()) {
      shares[sample.label()] += 1.0 / plan.labelled().size();
    }
    return shares;
  }

  /**
   * Begins to make views.
   *
   * @param images labelled ones of a part of a step
   * @param firstStep of those that are still to be taken
   */
  void open(int images, int firstStep, DataLoader loader) {
    int unlabelled = images * Strategies.batchRatio(settings);
    batches =
        new Batches(
            plan,
            plan.unlabelled(),
            kind.isConsistency()
                ? new Batches.Shape(unlabelled, 2, TrainSettings.Views.WEAK_STRONG)
                : new Batches.Shape(
                    unlabelled, plan.settings().train().views(), Strategies.views(settings)),
            "unlabelled order",
            "unlabelled view",
            Math.min(plan.iterations(), Math.max(firstStep, settings.warmupSteps())),
            loader,
            collective);
  }

  /** Weight of the unlabelled terms in a step; 0 where unlabelled samples take no part. */
  double weightAt(int step) {
    return settings.weightAt(step);
  }

  PseudoLabelling strategy() {
    return strategy;
  }

  UnlabelledLoss loss() {
    return loss;
  }

  Batches batches() {
    return batches;
  }

  /** Whether unlabelled samples take part in a step, counted from 0. */
  boolean takesPart(int step) {
    return step >= settings.warmupSteps();
  }

  @Override
  public void close() {
    batches.close();
  }
}
