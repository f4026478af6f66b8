package io.github.lsgspark.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.training.metrics.StepTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StepReportsTest {
  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  /** Steps after which numbers are read, where a step takes so long on all replicas. */
  private static List<Integer> readings(boolean late, int logEvery, double seconds, int steps) {
    StepReports reports = new StepReports(late, logEvery, 0);
    List<Integer> found = new ArrayList<>();
    List<Integer> steps0 = new ArrayList<>();
    for (int step = 0; step < steps; step++) {
      StepMetrics metrics = new StepMetrics(List.of(TrainingStep.SECONDS));
      metrics.add(TrainingStep.SECONDS, step == 0 ? 0 : seconds);
      reports.add(new StepReports.Taken(step, 0.1, metrics, new StepTime(1, 0, 0)));
      if (reports.due(step + 1)) {
        found.add(step + 1);
        reports.read(System.nanoTime(), taken -> steps0.add(taken.step()));
      }
    }
    assertThat(steps0).isSorted().doesNotHaveDuplicates();
    return found;
  }

  @Test
  void aProcessorReadsAfterEachStep() {
    assertThat(readings(false, 50, 0.1, 5)).containsExactly(1, 2, 3, 4, 5);
  }

  /** The first reading is after the first step, the second one after the next: no pace is known. */
  @Test
  void aDeviceReadsAboutEveryTwoSecondsAndAtEachLine() {
    assertThat(readings(true, 50, 0.1, 60)).containsExactly(1, 2, 22, 42, 50);
    assertThat(readings(true, 10, 0.1, 31)).containsExactly(1, 2, 10, 20, 30);
    assertThat(readings(true, 50, 3, 6)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void stepsThatAreReadTogetherShareTheirTime() {
    StepReports reports = new StepReports(true, 50, 0);
    long now = System.nanoTime();
    for (int step = 0; step < 4; step++) {
      StepMetrics metrics = new StepMetrics(List.of(TrainingStep.SECONDS));
      StepTime time = new StepTime(step == 0 ? 8_000_000_000L : 0, 7, 3);
      reports.add(new StepReports.Taken(step, 0.1, metrics, time));
    }
    List<Long> nanos = new ArrayList<>();
    reports.read(
        now,
        taken -> {
          nanos.add(taken.time().nanos());
          assertThat(taken.time().waitNanos()).isEqualTo(7);
        });
    assertThat(nanos).hasSize(4).allMatch(time -> time >= 2_000_000_000L && time < 3_000_000_000L);
    assertThat(reports.seconds()).isBetween(2.0, 3.0);
  }
}
