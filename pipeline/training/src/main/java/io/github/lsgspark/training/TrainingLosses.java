package io.github.lsgspark.training;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TransferSettings;
import io.github.lsgspark.config.TransferSettings.Method;
import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LsgObjective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All terms of a loss, in the order in which they are computed and added. A new term has its place
 * here.
 */
final class TrainingLosses {
  private final TrainSettings train;
  private final int classes;
  private final boolean speaks;

  /**
   * @param classes C
   * @param speaks whether this replica warns of a collapse
   */
  TrainingLosses(Settings settings, int classes, boolean speaks) {
    this.train = settings.train();
    this.classes = classes;
    this.speaks = speaks;
  }

  /**
   * The terms.
   *
   * @param guidance of the label graph
   * @param unlabelled terms that look at unlabelled samples
   * @param coTuning where the settings ask for it
   */
  List<StepLoss> of(
      Optional<LsgObjective> guidance, Optional<StepLoss> unlabelled, Optional<CoTuning> coTuning) {
    List<StepLoss> losses = new ArrayList<>();
    losses.add(
        new LabelledLoss(
            List.of(
                new CrossEntropyLoss(
                    train.labelSmoothing(),
                    labels -> guidance.map(lsg -> lsg.targets(labels)).orElse(labels)))));
    guidance.ifPresent(lsg -> losses.add(new GuidedLoss(lsg, classes, speaks)));
    unlabelled.ifPresent(losses::add);
    List<LossTerm<LabelledBatch>> methods = methods(train.transfer());
    coTuning.ifPresent(methods::add);
    if (!methods.isEmpty()) {
      losses.add(new LabelledLoss(methods));
    }
    return losses;
  }

  private static List<LossTerm<LabelledBatch>> methods(TransferSettings transfer) {
    List<LossTerm<LabelledBatch>> terms = new ArrayList<>();
    if (transfer.uses(Method.BSS)) {
      terms.add(new BatchSpectralShrinkage(transfer.bss()));
    }
    if (transfer.uses(Method.SUP_CON)) {
      terms.add(new SupervisedContrast(transfer.supCon()));
    }
    if (transfer.uses(Method.PROJECTED_CROSS_ENTROPY)) {
      terms.add(new ProjectedCrossEntropy(transfer.projectedCrossEntropy()));
    }
    if (transfer.uses(Method.BI_TUNING)) {
      terms.add(new BiTuningProjections(transfer.biTuning()));
      terms.add(new BiTuningScores(transfer.biTuning()));
    }
    return terms;
  }
}
