package io.github.lsgspark.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class TrainingProgressTest {
  private static final long SECOND = 1_000_000_000L;
  private static final StepTime TIME = new StepTime(SECOND, SECOND / 250, 31 * SECOND / 1000);

  private final AtomicLong now = new AtomicLong();
  private final Recorded sink = new Recorded();

  private static final class Recorded implements MetricSink {
    private final Map<Long, Map<String, Double>> scalars = new LinkedHashMap<>();
    private boolean closed;

    @Override
    public void scalars(long step, Map<String, Double> values) {
      scalars.put(step, values);
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  private TrainingProgress progress(int iterations, int logEvery) {
    return new TrainingProgress(iterations, 48, logEvery, true, List.of(sink), now::get);
  }

  private static Map<String, Double> parts() {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put(TrainingProgress.CROSS_ENTROPY, 2.1);
    parts.put("align", 0.9);
    parts.put("a new term", 0.0204);
    return parts;
  }

  private static Map<String, Double> others() {
    Map<String, Double> others = new LinkedHashMap<>();
    others.put(TrainingProgress.ACCURACY, 0.43);
    others.put(TrainingProgress.LEARNING_RATE, 0.001);
    return others;
  }

  @Test
  void theFirstStepDoesNotSpoilThePace() {
    TrainingProgress progress = progress(100, 1);
    progress.step(5, 5, new StepTime(100 * SECOND, 0, 0));
    progress.line(Map.of(), Map.of());
    progress.step(4, 4, TIME);
    progress.line(Map.of(), Map.of());
    assertThat(sink.scalars.get(1L)).containsEntry(TrainingProgress.IMAGES_PER_SECOND, 0.48);
    assertThat(sink.scalars.get(2L))
        .containsEntry(TrainingProgress.IMAGES_PER_SECOND, 48.0)
        .containsEntry(TrainingProgress.SECONDS_LEFT, 98.0);
  }

  @Test
  void thePaceIsThatOfTheLastMinute() {
    TrainingProgress progress = progress(1000, 1);
    for (int step = 0; step < 100; step++) {
      progress.step(1, 1, TIME);
    }
    for (int step = 0; step < 120; step++) {
      progress.step(1, 1, new StepTime(SECOND / 2, 0, SECOND / 4));
    }
    progress.line(Map.of(), Map.of());
    assertThat(sink.scalars.get(220L))
        .containsEntry(TrainingProgress.IMAGES_PER_SECOND, 96.0)
        .containsEntry(TrainingProgress.WAIT_SHARE, 0.0)
        .containsEntry(TrainingProgress.ALL_REDUCE_SHARE, 0.5);
  }

  @Test
  void aLineIsDueEverySoManyStepsOrHalfMinutesAndAtTheEnd() {
    TrainingProgress progress = progress(7, 3);
    List<Integer> due = new ArrayList<>();
    for (int step = 1; step <= 7; step++) {
      progress.step(1, 1, TIME);
      now.addAndGet(step == 4 || step == 5 ? 20 * SECOND : SECOND);
      if (progress.due()) {
        due.add(step);
        progress.line(Map.of(), Map.of());
      }
    }
    assertThat(due).containsExactly(3, 5, 6, 7);
  }

  @Test
  void aSilentReplicaIsNeverDue() {
    TrainingProgress progress = TrainingProgress.silent(1);
    progress.step(1, 1, TIME);
    assertThat(progress.due()).isFalse();
    assertThat((double[]) progress.metrics().get("loss")).containsExactly(1);
  }

  @Test
  void theLineReadsWell() {
    Map<String, Double> parts = parts();
    Map<String, Double> values = new LinkedHashMap<>(parts);
    values.putAll(others());
    values.put(TrainingProgress.LOSS, 3.2149);
    values.put(TrainingProgress.IMAGES_PER_SECOND, 55.21);
    values.put(TrainingProgress.WAIT_SHARE, 0.004);
    values.put(TrainingProgress.ALL_REDUCE_SHARE, 0.0312);
    values.put(TrainingProgress.SECONDS_LEFT, 130.2);
    assertThat(ProgressLine.of(120, 600, parts.keySet(), values))
        .isEqualTo(
            "train step 120/600  20 %  loss 3.21 (ce 2.1 align 0.9 a new term 0.0204)"
                + "  accuracy 0.43  images/s 55.2  wait 0.4 %  all-reduce 3.1 %  lr 0.001"
                + "  left 2 min 10 s");
    assertThat(
            ProgressLine.of(
                1,
                3,
                Set.of(TrainingProgress.CROSS_ENTROPY),
                Map.of(
                    TrainingProgress.LOSS, 12345.0,
                    TrainingProgress.CROSS_ENTROPY, 12345.0,
                    TrainingProgress.SECONDS_LEFT, Double.NaN)))
        .isEqualTo("train step 1/3  33 %  loss 12300  left -");
  }

  @Test
  void durationsHaveTwoUnits() {
    assertThat(List.of(0.4, 59.4, 59.6, 3599.6, 3600.0, 86399.0, 90000.0))
        .extracting(ProgressLine::duration)
        .containsExactly(
            "0 s", "59 s", "1 min 0 s", "1 h 0 min", "1 h 0 min", "1 d 0 h", "1 d 1 h");
    assertThat(List.of(0.0, 1e-7, 0.1 + 0.2, 1234.5))
        .extracting(ProgressLine::number)
        .containsExactly("0", "1E-7", "0.3", "1230");
  }

  @Test
  void aCheckpointCarriesTheCourse() throws IOException {
    TrainingProgress first = progress(4, 2);
    for (int step = 1; step <= 2; step++) {
      first.step(4 - step, 3 - step, TIME);
    }
    first.line(parts(), others());
    ObjectMapper json = new ObjectMapper();
    TrainingProgress.State state =
        json.readValue(json.writeValueAsBytes(first.state()), TrainingProgress.State.class);

    TrainingProgress second = progress(4, 2);
    second.restore(state);
    assertThat(json.writeValueAsString(second.metrics()))
        .isEqualTo(json.writeValueAsString(first.metrics()));
    second.step(0.5, 0.25, TIME);
    second.step(0.25, 0.125, TIME);
    second.line(parts(), others());
    assertThat((double[]) second.metrics().get("loss")).containsExactly(3, 2, 0.5, 0.25);
    assertThat((double[]) second.metrics().get("cross_entropy")).containsExactly(2, 1, 0.25, 0.125);
    assertThat(second.state().lines())
        .extracting(TrainingProgress.Line::step)
        .containsExactly(2, 4);
    assertThat(second.recent(TrainingProgress.ACCURACY)).isEqualTo(0.43, Offset.offset(1e-12));
    assertThat(second.recent("prototype_accuracy")).isNaN();
  }

  @Test
  void validationGoesToTheSinksWhichCloseWithTheProgress() {
    try (TrainingProgress progress = progress(4, 2)) {
      progress.step(1, 1, TIME);
      progress.validation(0.75);
      assertThat(sink.closed).isFalse();
    }
    assertThat(sink.scalars).containsEntry(1L, Map.of(TrainingProgress.VALIDATION_ACCURACY, 0.75));
    assertThat(sink.closed).isTrue();
  }
}
