package io.github.lsgspark.jobs;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.experiment.ExperimentStage;
import io.github.lsgspark.training.engine.C10dEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains and evaluates every run of a configuration's experiment block, several at a time where
 * they have room. What is there already is skipped, so the same command goes on after an
 * interruption; a run that fails leaves the others alone.
 */
final class ExperimentRun {
  private static final Logger LOG = LoggerFactory.getLogger(ExperimentRun.class);

  /** With a pool each, runs share places fairly; within one, Spark's jobs wait in line. */
  private static final String POOL = "spark.scheduler.pool";

  private final Loaded base;
  private final ExperimentSettings grid;
  private final List<RunSpec> variants;
  private final SparkLauncher spark;
  private final PipelineRun pipeline;

  ExperimentRun(Loaded base, String workDir, SparkLauncher spark) {
    this.base = base;
    this.grid =
        base.experiment()
            .orElseThrow(
                () ->
                    LsgException.usage(
                        "lsg experiment needs an experiment block in the configuration"));
    grid.budgetsWithoutRuns()
        .forEach(
            budget ->
                LOG.warn(
                    "experiment.by-budget.{} is not used: the grid has the budgets {}",
                    budget,
                    grid.budgets()));
    this.variants = RunSpec.of(base, grid);
    this.spark = spark;
    if (grid.concurrency() > 1) {
      spark.shareFairly();
    }
    this.pipeline = new PipelineRun(base, workDir, spark);
  }

  /** Its stages, or what it failed with. */
  private record Outcome(RunStages stages, Throwable failure) {}

  /**
   * Makes all runs, and the output over those that were evaluated.
   *
   * @throws LsgException if one of them is known beforehand not to end well, or if none could be
   *     made, with the exit code of the first
   */
  ExperimentRecord execute() {
    try (PipelineRun closed = pipeline) {
      return grid();
    }
  }

  private ExperimentRecord grid() {
    new Preflight(base, pipeline, spark).of(variants, Stages.EVALUATE).require();
    new Tracking(base, pipeline.store()).check();
    Map<RunSpec, RunStages> done = new LinkedHashMap<>();
    Map<RunSpec, Throwable> failures = new LinkedHashMap<>();
    outcomes()
        .forEach(
            (variant, outcome) -> {
              if (outcome.failure() == null) {
                done.put(variant, outcome.stages());
              } else {
                failures.put(variant, outcome.failure());
              }
            });
    if (done.isEmpty()) {
      throw new IllegalStateException(
          "no run of the experiment could be made", failures.values().iterator().next());
    }
    StageRecord output = output(done);
    return new ExperimentRecord(
        output, pipeline.read(output, ExperimentStage.TABLE), drawn(), done, failures);
  }

  private Map<RunSpec, Outcome> outcomes() {
    int atOnce = atOnce();
    GridProgress progress = new GridProgress(variants.size(), atOnce);
    ExecutorService threads =
        Executors.newFixedThreadPool(
            atOnce,
            work -> {
              Thread thread = new Thread(work, "experiment");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Map<RunSpec, Future<Outcome>> running = new LinkedHashMap<>();
      for (RunSpec variant : variants) {
        running.put(variant, threads.submit(() -> outcome(variant, progress, atOnce)));
      }
      Map<RunSpec, Outcome> outcomes = new LinkedHashMap<>();
      for (Map.Entry<RunSpec, Future<Outcome>> run : running.entrySet()) {
        outcomes.put(run.getKey(), run.getValue().get());
      }
      return outcomes;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the experiment was interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  private Outcome outcome(RunSpec variant, GridProgress progress, int atOnce) {
    if (ShutdownHookManager.get().isShutdownInProgress()) {
      return new Outcome(null, LsgException.failed("not begun: the program is being ended"));
    }
    LOG.info("---- {}", progress.starts(variant.toString()));
    long start = System.nanoTime();
    try {
      if (atOnce > 1) {
        spark.session().sparkContext().setLocalProperty(POOL, variant.toString());
        C10dEngine.sharingCores(spark.session().sparkContext(), atOnce);
      }
      RunStages stages = pipeline.evaluated(variant);
      boolean anew = stages.stages().values().stream().anyMatch(stage -> !stage.skipped());
      progress.ends(anew, (System.nanoTime() - start) / 1e9);
      return new Outcome(stages, null);
    } catch (Throwable e) {
      progress.ends(false, 0);
      Failures.message(e)
          .ifPresentOrElse(
              message -> LOG.warn("{} failed: {}", variant, message),
              () -> LOG.warn("{} failed", variant, e));
      return new Outcome(null, e);
    }
  }

  /** As many as the configuration asks for, and as have room: barrier stages start whole. */
  private int atOnce() {
    int wanted = Math.min(grid.concurrency(), variants.size());
    if (wanted == 1) {
      return 1;
    }
    int room = wanted;
    for (RunSpec variant : variants) {
      int replicas = variant.settings().train().replicas();
      room = Math.min(room, C10dEngine.simultaneous(spark.session().sparkContext(), replicas));
    }
    if (room < wanted) {
      LOG.warn(
          "experiment.concurrency = {}, but only {} trainings have room at the same time on {}"
              + " (on a cluster, train.replicas = 0 takes all executors)",
          grid.concurrency(),
          room,
          spark.master());
    }
    return room;
  }

  private boolean drawn() {
    return base.settings().data().train().startsWith(Conditions.DRAWN);
  }

  private StageRecord output(Map<RunSpec, RunStages> done) {
    List<StageInputs.Finished> runs = new ArrayList<>();
    done.forEach((variant, stages) -> runs.add(new StageInputs.Finished(variant, stages)));
    return pipeline.grid(runs);
  }
}
