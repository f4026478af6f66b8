package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.training.metrics.StepTime;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads the numbers of the steps. On a processor, after each. On a device, of several steps at once
 * and about every two seconds, as reading waits for the device: between, the host is ahead of it.
 * Every replica reads after the same steps.
 */
final class StepReports {
  private static final double TARGET_SECONDS = 2;

  private final boolean late;
  private final int logEvery;
  private final List<Taken> taken = new ArrayList<>();
  private int every = 1;
  private int next;
  private double seconds;

  /**
   * A step whose numbers have not been read.
   *
   * @param time until the host went on
   */
  record Taken(int step, double rate, StepMetrics metrics, StepTime time) {}

  /**
   * @param late whether several steps are read at once
   * @param logEvery the most of them
   * @param firstStep from 0
   */
  StepReports(boolean late, int logEvery, int firstStep) {
    this.late = late;
    this.logEvery = logEvery;
    this.next = firstStep + 1;
  }

  /** As {@code train.read-losses} asks for. */
  static StepReports of(TrainSettings train, ComputeDevice device, int firstStep) {
    boolean late =
        switch (train.readLosses()) {
          case AUTO -> device.isCuda();
          case EACH_STEP -> false;
          case TOGETHER -> true;
        };
    return new StepReports(late, train.logEvery(), firstStep);
  }

  /** Whether numbers stay on the device until several steps are read. */
  boolean late() {
    return late;
  }

  /** How long a step took on this replica when last looked; 0 before. */
  double seconds() {
    return seconds;
  }

  /** Whether numbers are read after so many steps. */
  boolean due(int done) {
    return !late || done >= next || done % logEvery == 0;
  }

  void add(Taken step) {
    taken.add(step);
  }

  /**
   * Gives the steps that have not been read, each with the mean of their times, as a step that is
   * not read costs the host less than the device.
   *
   * @param start of the last of them, in nanoseconds
   */
  void read(long start, Consumer<Taken> reader) {
    if (late) {
      Taken last = taken.get(taken.size() - 1);
      // Waits for the device.
      double pace = last.metrics().of(TrainingStep.SECONDS);
      long nanos = System.nanoTime() - start;
      for (Taken step : taken.subList(0, taken.size() - 1)) {
        nanos += step.time().nanos();
      }
      long mean = nanos / taken.size();
      taken.replaceAll(
          step ->
              new Taken(
                  step.step(),
                  step.rate(),
                  step.metrics(),
                  new StepTime(mean, step.time().waitNanos(), step.time().allReduceNanos())));
      seconds = mean / 1e9;
      every = pace > 0 ? (int) Math.max(1, Math.min(logEvery, TARGET_SECONDS / pace)) : 1;
      next = last.step() + 1 + every;
    }
    taken.forEach(reader);
    taken.clear();
  }
}
