package io.github.lsgspark.training;

import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ModeGuard;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.training.engine.ReplicaContext;
import io.github.lsgspark.training.engine.StoppedException;
import io.github.lsgspark.training.metrics.StepTime;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * The loop of one replica (docs/method.md, section 5): computes its part of every global batch,
 * takes the same step as all others, and lets the listeners look. Made by {@link TrainerFactory}.
 */
final class TrainerWorker implements AutoCloseable {
  private final Parts parts;
  private final ReplicaContext context;

  /**
   * What a worker is made of.
   *
   * @param firstStep from 0; above 0 where a checkpoint was there
   * @param iterations steps of the whole training
   * @param reports of the steps
   * @param ssl with open batches; empty without unlabelled samples
   * @param facts entries of metrics.json that are known before the first step
   * @param explanation of a step that fails
   * @param resources closed with the worker, the last of them first
   */
  record Parts(
      int firstStep,
      int iterations,
      LearningRate rate,
      TrainingStep step,
      TrainingObjective objective,
      LossCheck check,
      TrainingModel model,
      StepReports reports,
      Optional<SemiSupervision> ssl,
      List<TrainerListener> listeners,
      FinalModel last,
      Map<String, Object> facts,
      UnaryOperator<RuntimeException> explanation,
      Resources resources) {}

  /** What is to be closed. */
  static final class Resources implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Takes over one of them. */
    <T extends AutoCloseable> T add(T resource) {
      opened.push(resource);
      return resource;
    }

    @Override
    public void close() {
      while (!opened.isEmpty()) {
        try {
          opened.pop().close();
        } catch (RuntimeException e) {
          throw e;
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  TrainerWorker(Parts parts, ReplicaContext context) {
    this.parts = parts;
    this.context = context;
  }

  /**
   * Takes all steps; rank 0 writes the model.
   *
   * @return the content of metrics.json
   * @throws StoppedException if the program was asked to end; a checkpoint is there
   */
  Map<String, Object> run() throws StoppedException {
    long start = System.nanoTime();
    for (int step = parts.firstStep(); step < parts.iterations(); step++) {
      int done = step + 1;
      boolean stopping = step(step) && done < parts.iterations();
      parts.listeners().forEach(listener -> listener.between(done, stopping));
      if (stopping) {
        throw new StoppedException("asked to end after step " + done + " of " + parts.iterations());
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    parts.last().publish();
    Map<String, Object> metrics = new LinkedHashMap<>(parts.facts());
    metrics.put("training_seconds", seconds);
    parts.listeners().forEach(listener -> metrics.putAll(listener.metrics(seconds)));
    return metrics;
  }

  /**
   * @return whether a replica was asked to end
   */
  private boolean step(int step) {
    parts.ssl().ifPresent(ssl -> renew(ssl, step));
    double rate = parts.rate().at(step);
    StepReports reports = parts.reports();
    long start = System.nanoTime();
    long waited = parts.step().waitedNanos();
    long exchanged = exchangedNanos();
    try (TensorScope scope = new TensorScope()) {
      StepMetrics metrics = gradient(step, reports.seconds());
      if (!reports.late()) {
        parts.check().requireFinite(metrics, step, rate, true);
      }
      parts.model().optimizer().step(rate);
      parts.listeners().forEach(listener -> listener.updated(step));
      StepTime time =
          new StepTime(
              System.nanoTime() - start,
              parts.step().waitedNanos() - waited,
              exchangedNanos() - exchanged);
      reports.add(new StepReports.Taken(step, rate, metrics, time));
      return due(step + 1) && read(start);
    }
  }

  private StepMetrics gradient(int step, double seconds) {
    try {
      return parts.step().gradient(step, context.stopWanted().getAsBoolean(), seconds);
    } catch (RuntimeException e) {
      throw parts.explanation().apply(e);
    }
  }

  private boolean due(int done) {
    return done == parts.iterations()
        || parts.reports().due(done)
        || parts.listeners().stream().anyMatch(listener -> listener.needsReports(done));
  }

  /**
   * @return whether a replica was asked to end
   */
  private boolean read(long start) {
    AtomicBoolean stop = new AtomicBoolean();
    boolean late = parts.reports().late();
    parts
        .reports()
        .read(
            start,
            taken -> {
              if (late) {
                parts.check().requireFinite(taken.metrics(), taken.step(), taken.rate(), false);
              }
              double loss = parts.objective().value(taken.step(), taken.metrics());
              StepReport report =
                  new StepReport(taken.step(), taken.rate(), loss, taken.metrics(), taken.time());
              parts.listeners().forEach(listener -> listener.stepped(report));
              stop.compareAndSet(false, taken.metrics().of(TrainingStep.STOP) > 0);
            });
    return stop.get();
  }

  private void renew(SemiSupervision ssl, int step) {
    if (ssl.strategy().due(step)) {
      try (ModeGuard weights = parts.model().inUse()) {
        ssl.strategy().renew(step);
      }
    }
  }

  /** Time spent on what replicas do together. */
  private long exchangedNanos() {
    Collective collective = context.collective();
    return collective.waitedNanos() + parts.model().optimizer().exchangedNanos();
  }

  @Override
  public void close() {
    parts.resources().close();
  }
}
