package io.github.lsgspark.jobs;

import static io.github.lsgspark.jobs.StageChanges.BASE;
import static io.github.lsgspark.jobs.StageChanges.chain;
import static io.github.lsgspark.jobs.StageChanges.changedBy;
import static io.github.lsgspark.jobs.StageChanges.needed;
import static io.github.lsgspark.jobs.StageChanges.stages;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Which stages a changed key makes anew in runs with a closed-form head, and a choice of models.
 */
class HeadFingerprintsTest {
  /** Features are of the network before training, whatever a training does. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data.label-budget = 4          | PREPARE FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "train.backbone = resnet18      | FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "train.image-size = 48          | FEATURES HEAD EVALUATE-HEAD TRAIN EVALUATE PREDICT",
        "features.layers = [fire9]      | FEATURES HEAD EVALUATE-HEAD",
        "features.views = mirrored      | FEATURES HEAD EVALUATE-HEAD",
        "features.store = float16       | FEATURES HEAD EVALUATE-HEAD",
        "features.batch = 9             |",
        "features.partition = 9         |",
        "features.crops = 9             |",
        "head.kind = gda                | HEAD EVALUATE-HEAD",
        "head.lambda = \"0.3\"          | HEAD EVALUATE-HEAD",
        "head.class-weights = none      | HEAD EVALUATE-HEAD",
        "train.learning-rate = 0.5      | TRAIN EVALUATE PREDICT",
        "evaluate.calibration-bins = 5  | EVALUATE EVALUATE-HEAD"
      })
  void theClosedFormStandsBesideTheTraining(String change, String expected) {
    assertThat(changedBy(BASE + "head.enabled = true\n", change)).isEqualTo(stages(expected));
  }

  @Test
  void aTrainingFromTheHeadDependsOnIt() {
    String start = BASE + "train.start = head\n";
    assertThat(changedBy(start, "head.kind = gda"))
        .containsExactlyInAnyOrder(
            Stages.HEAD, Stages.EVALUATE_HEAD, Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    assertThat(chain(BASE + "head.enabled = true").get(Stages.TRAIN))
        .isEqualTo(chain(BASE).get(Stages.TRAIN));
    assertThat(needed(Stages.PREDICT, BASE + "train.enabled = false"))
        .containsExactly(Stages.PREPARE, Stages.FEATURES, Stages.HEAD, Stages.PREDICT);
  }

  @Test
  void aChosenModelDependsOnAllThatItIsChosenFrom() {
    String best = BASE + "train { start = head, keep = best }\n";
    Set<Stage> chosen = Set.of(Stages.KEEP, Stages.EVALUATE, Stages.PREDICT);
    assertThat(changedBy(best, "train.trials.folds = 4"))
        .containsExactlyInAnyOrder(Stages.TRIALS, Stages.KEEP, Stages.EVALUATE, Stages.PREDICT);
    assertThat(changedBy(BASE + "train { start = head, keep = mean }\n", "train.keep = best"))
        .containsAll(chosen);
    assertThat(changedBy(best, "train.from-head.learning-rate = 0.5"))
        .containsExactlyInAnyOrder(
            Stages.TRIALS,
            Stages.TRAIN,
            Stages.KEEP,
            Stages.EVALUATE,
            Stages.EVALUATE_TRAIN,
            Stages.PREDICT);
    assertThat(changedBy(best, "train.learning-rate = 0.5")).isEmpty();
    // Where the trials choose the start, what is trained depends on them, and on both rates.
    String start = BASE + "train.start = best\n";
    for (String change :
        List.of(
            "train.learning-rate = 0.5",
            "train.from-head.learning-rate = 0.5",
            "train.trials.folds = 4")) {
      assertThat(changedBy(start, change))
          .containsExactlyInAnyOrder(Stages.TRIALS, Stages.TRAIN, Stages.EVALUATE, Stages.PREDICT);
    }
    assertThat(changedBy(BASE, "train.from-head.learning-rate = 0.5")).isEmpty();
    assertThat(changedBy(BASE, "train.trials.folds = 4")).isEmpty();
    assertThat(needed(Stages.PREDICT, BASE + "train.keep = head"))
        .containsExactly(Stages.PREPARE, Stages.FEATURES, Stages.HEAD, Stages.PREDICT);
  }
}
