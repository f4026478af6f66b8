package io.github.lsgspark.training.metrics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The course of one replica's training: the losses of every step, and now and then a line of
 * numbers for the log, the sinks and metrics.json. Rank 0 speaks; the others only keep the losses.
 *
 * <pre>{@code
 * progress.step(loss, crossEntropy, time);
 * if (progress.due()) {
 *   progress.line(parts, others);
 * }
 * }</pre>
 */
public final class TrainingProgress implements AutoCloseable {
  // Names of the values of a line.
  public static final String LOSS = "loss";
  public static final String CROSS_ENTROPY = "ce";
  public static final String ACCURACY = "accuracy";
  public static final String VALIDATION_ACCURACY = "validation_accuracy";
  public static final String LEARNING_RATE = "lr";
  public static final String IMAGES_PER_SECOND = "images_per_second";
  public static final String WAIT_SHARE = "wait_share";
  public static final String ALL_REDUCE_SHARE = "all_reduce_share";
  public static final String SECONDS_LEFT = "seconds_left";

  private static final Logger LOG = LoggerFactory.getLogger(TrainingProgress.class);
  private static final long LONGEST_SILENCE_NANOS = 30_000_000_000L;

  private final int iterations;
  private final int imagesPerStep;
  private final int logEvery;
  private final boolean speaks;
  private final List<MetricSink> sinks;
  private final LongSupplier nanoTime;
  private final StepWindow window = new StepWindow();
  private final List<Line> lines = new ArrayList<>();
  private final double[] losses;
  private final double[] crossEntropies;
  private int steps;
  private long lastLine;

  /** The values of one line. */
  public record Line(int step, Map<String, Double> values) implements Serializable {}

  /**
   * What a checkpoint keeps.
   *
   * @param losses and crossEntropies of the steps done
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record State(double[] losses, double[] crossEntropies, List<Line> lines)
      implements Serializable {}

  /**
   * The progress of the replica that speaks.
   *
   * @param imagesPerStep of all replicas together
   * @param logEvery steps between two lines; a line comes every 30 seconds at the latest
   * @param sinks closed with this
   */
  public TrainingProgress(int iterations, int imagesPerStep, int logEvery, List<MetricSink> sinks) {
    this(iterations, imagesPerStep, logEvery, true, sinks, System::nanoTime);
  }

  /** The progress of a replica that keeps the losses and says nothing. */
  public static TrainingProgress silent(int iterations) {
    return new TrainingProgress(iterations, 0, 1, false, List.of(), System::nanoTime);
  }

  TrainingProgress(
      int iterations,
      int imagesPerStep,
      int logEvery,
      boolean speaks,
      List<MetricSink> sinks,
      LongSupplier nanoTime) {
    this.iterations = iterations;
    this.imagesPerStep = imagesPerStep;
    this.logEvery = logEvery;
    this.speaks = speaks;
    this.sinks = List.copyOf(sinks);
    this.nanoTime = nanoTime;
    this.losses = new double[iterations];
    this.crossEntropies = new double[iterations];
    this.lastLine = nanoTime.getAsLong();
  }

  /** Takes up a training where a checkpoint left it; to be called before the first step. */
  public void restore(State state) {
    steps = state.losses().length;
    System.arraycopy(state.losses(), 0, losses, 0, steps);
    System.arraycopy(state.crossEntropies(), 0, crossEntropies, 0, steps);
    lines.clear();
    lines.addAll(state.lines());
  }

  /** What a checkpoint keeps after the steps done. */
  public State state() {
    return new State(
        Arrays.copyOf(losses, steps), Arrays.copyOf(crossEntropies, steps), List.copyOf(lines));
  }

  /** Counts a step that is done. */
  public void step(double loss, double crossEntropy, StepTime time) {
    losses[steps] = loss;
    crossEntropies[steps] = crossEntropy;
    steps++;
    window.add(time);
  }

  /**
   * Whether the step just counted deserves a line. Replicas answer differently, so what is computed
   * for a line must not need the other replicas.
   */
  public boolean due() {
    return speaks
        && (steps % logEvery == 0
            || steps == iterations
            || nanoTime.getAsLong() - lastLine >= LONGEST_SILENCE_NANOS);
  }

  /**
   * Writes a line about the step just counted; its loss, pace and remaining time are added.
   *
   * @param parts of the loss
   * @param others accuracy, learning rate, and more for the sinks
   */
  public void line(Map<String, Double> parts, Map<String, Double> others) {
    lastLine = nanoTime.getAsLong();
    Map<String, Double> all = new LinkedHashMap<>();
    all.put(LOSS, losses[steps - 1]);
    all.putAll(parts);
    all.putAll(others);
    all.put(IMAGES_PER_SECOND, imagesPerStep / window.secondsPerStep());
    all.put(WAIT_SHARE, window.waitShare());
    all.put(ALL_REDUCE_SHARE, window.allReduceShare());
    all.put(SECONDS_LEFT, window.secondsPerStep() * (iterations - steps));
    lines.add(new Line(steps, Collections.unmodifiableMap(all)));
    if (speaks) {
      LOG.info("{}", ProgressLine.of(steps, iterations, parts.keySet(), all));
    }
    sinks.forEach(sink -> sink.scalars(steps, all));
  }

  /** Reports the accuracy on the validation samples after the steps done. */
  public void validation(double accuracy) {
    if (speaks) {
      LOG.info(
          "train step {}/{}  validation accuracy {}",
          steps,
          iterations,
          ProgressLine.number(accuracy));
    }
    sinks.forEach(sink -> sink.scalars(steps, Map.of(VALIDATION_ACCURACY, accuracy)));
  }

  /** Mean of a value over the last half of the lines that have it. */
  public double recent(String name) {
    List<Double> values =
        lines.stream().map(line -> line.values().get(name)).filter(v -> v != null).toList();
    return values.subList(values.size() / 2, values.size()).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  /** The part of metrics.json about the course: history, loss, cross_entropy. */
  public Map<String, Object> metrics() {
    List<Map<String, Object>> history = new ArrayList<>();
    for (Line line : lines) {
      Map<String, Object> flat = new LinkedHashMap<>();
      flat.put("step", line.step());
      flat.putAll(line.values());
      history.add(flat);
    }
    State state = state();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("history", history);
    metrics.put("loss", state.losses());
    metrics.put("cross_entropy", state.crossEntropies());
    return metrics;
  }

  @Override
  public void close() {
    sinks.forEach(MetricSink::close);
  }
}
