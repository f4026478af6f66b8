package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.lsg.LossTerm;
import io.github.lsgspark.lsg.LossValue;
import io.github.lsgspark.lsg.StepMetrics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrainingObjectiveTest {
  /** A term of somebody's own. */
  private record Mine(String name, double weight) implements LossTerm<LabelledBatch> {
    @Override
    public double weight(int step) {
      return weight * (step + 1);
    }

    @Override
    public Optional<LossValue> value(LabelledBatch batch) {
      return Optional.empty();
    }
  }

  @Test
  void aNewTermIsInTheMetricsTheLossAndTheLineByItsNameAlone() {
    TrainingObjective objective =
        new TrainingObjective(
            List.of(
                new LabelledLoss(List.of(new CrossEntropyLoss(0, labels -> labels))),
                new LabelledLoss(List.of(new Mine("mine", 2)))),
            Optional.empty());
    assertThat(objective.metrics()).containsExactly("ce", "mine");
    StepMetrics metrics = new StepMetrics(objective.metrics());
    metrics.add("ce", 1.5);
    metrics.add("mine", 0.25);
    assertThat(objective.value(1, metrics)).isEqualTo(1.5 + 4 * 0.25);
    assertThat(objective.parts(1, metrics).keySet()).containsExactly("ce", "mine");
    metrics.add("mine", Double.NaN);
    assertThat(objective.titled(1, metrics)).containsEntry("mine", Double.NaN);
  }
}
