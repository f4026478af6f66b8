package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SslSettings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.DataLoader;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.lsg.LsgObjective;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.training.ssl.FixMatch;
import io.github.lsgspark.training.ssl.FreeMatch;
import io.github.lsgspark.training.ssl.LabelPropagation;
import io.github.lsgspark.training.ssl.PseudoLabelling;
import io.github.lsgspark.training.ssl.Renewals;
import java.util.Optional;

/** What a training makes of its unlabelled samples: strategy, loss and batches. */
final class SemiSupervision implements AutoCloseable {
  private final TrainingPlan plan;
  private final SslSettings settings;
  private final Collective collective;
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
    boolean together = settings.labeller() == SslSettings.Labeller.ENSEMBLE;
    Labeller labeller = new Labeller(forward.network(), together ? objective : Optional.empty());
    this.strategy = strategy(forward, inference, labeller);
    this.loss =
        new UnlabelledLoss(
            settings,
            forward,
            new PseudoLabeller(strategy, labeller, collective, forward.policy().device()),
            objective);
  }

  private PseudoLabelling strategy(Forward forward, Inference inference, Labeller labeller) {
    Settings all = plan.settings();
    int classes = plan.labels().size();
    return switch (settings.strategy()) {
      case NONE -> throw new IllegalStateException("unlabelled samples without a strategy");
      case PSEUDO_LABEL -> {
        int images = all.train().globalBatch() * settings.imagesPerLabelled();
        Renewals renewals =
            Renewals.afterEachPass(settings.warmupSteps(), plan.unlabelled().size() / images);
        yield new PseudoLabels(pass(forward, inference, labeller), renewals, Optional.empty());
      }
      case CURRICULUM -> {
        SslSettings.CurriculumSettings curriculum = settings.curriculum();
        Renewals renewals =
            Renewals.inRounds(
                settings.warmupSteps(),
                plan.iterations(),
                curriculum.rounds(),
                curriculum.finalShare());
        yield new PseudoLabels(
            pass(forward, inference, labeller), renewals, Optional.of(classShares()));
      }
      case FIXMATCH -> new FixMatch(settings.threshold());
      case FREEMATCH ->
          new FreeMatch(classes, settings.momentum(), collective, forward.policy().device());
    };
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
    int unlabelled = images * settings.imagesPerLabelled();
    batches =
        new Batches(
            plan,
            plan.unlabelled(),
            settings.consistency()
                ? new Batches.Shape(unlabelled, 2, TrainSettings.Views.WEAK_STRONG)
                : new Batches.Shape(
                    unlabelled, plan.settings().train().views(), settings.augmentation()),
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
