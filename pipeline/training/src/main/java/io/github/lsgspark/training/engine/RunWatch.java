package io.github.lsgspark.training.engine;

import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkJobInfo;
import org.apache.spark.SparkStageInfo;
import org.apache.spark.SparkStatusTracker;
import scala.Option;

/**
 * Collects how the replicas of one attempt end, and ends the attempt when nothing more can come of
 * it: one has failed and the others do not follow, or no task runs for long.
 *
 * <p>Where executors are lost as fast as they come, Spark keeps a barrier job back until it finds
 * room, for ten minutes; one that is kept back cannot be cancelled, and would begin beside the next
 * attempt. So the thread that waits for the job is freed, and the job is cancelled as soon as it
 * does begin.
 */
final class RunWatch<T extends Serializable> implements AutoCloseable {
  private static final long LOOK_EVERY_MILLIS = 500;

  /** What other replicas still have to say after the first has failed. */
  private static final Duration SETTLE = Duration.ofSeconds(5);

  /** Beyond the time for which Spark keeps a job back. */
  private static final Duration KEPT_BACK = Duration.ofMinutes(15);

  private final SparkContext spark;
  private final String jobTag;
  private final int replicas;
  private final Duration startTimeout;
  private final List<ReplicaResult<T>> outcomes = new ArrayList<>();
  private final Thread thread = new Thread(this::watch, "training watch");
  private long lastRunning = System.nanoTime();
  private long firstFailure;
  private final Thread runner = Thread.currentThread();
  private String reason = "";
  private boolean closed;
  private boolean freed;

  /**
   * Made by the thread that runs the job.
   *
   * @param startTimeout how long the tasks may take to start, at first and when Spark tries again
   */
  RunWatch(SparkContext spark, String jobTag, int replicas, Duration startTimeout) {
    this.spark = spark;
    this.jobTag = jobTag;
    this.replicas = replicas;
    this.startTimeout = startTimeout;
    thread.setDaemon(true);
    thread.start();
  }

  synchronized void ended(ReplicaResult<T> outcome) {
    outcomes.add(outcome);
    if (outcome.failed() && firstFailure == 0) {
      firstFailure = System.nanoTime();
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK_EVERY_MILLIS);
        synchronized (this) {
          if (closed) {
            return;
          }
          reason = hopeless();
          if (reason.isEmpty()) {
            continue;
          }
        }
        cancel();
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void cancel() throws InterruptedException {
    long start = System.nanoTime();
    while (!spark.isStopped() && System.nanoTime() - start < KEPT_BACK.toNanos()) {
      spark.cancelJobsWithTag(jobTag);
      synchronized (this) {
        if (closed && !freed) {
          return;
        }
        if (!freed && System.nanoTime() - start > SETTLE.toNanos()) {
          freed = true;
          runner.interrupt();
        }
      }
      Thread.sleep(LOOK_EVERY_MILLIS);
    }
  }

  /** Whether the thread that waited for the job was freed: what interrupted it was this. */
  synchronized boolean freed() {
    return freed;
  }

  private String hopeless() {
    long now = System.nanoTime();
    if (firstFailure > 0 && now - firstFailure > SETTLE.toNanos() && outcomes.size() < replicas) {
      return "a replica ended, and " + (replicas - outcomes.size()) + " did not follow";
    }
    // Also between Spark's own attempts at the stage, where executors may be lost again and again.
    if (running()) {
      lastRunning = now;
    }
    if (now - lastRunning > startTimeout.toNanos()) {
      return replicas
          + " replicas could not start together within "
          + startTimeout.toSeconds()
          + " s: the executors are busy, stalled or gone";
    }
    return "";
  }

  private boolean running() {
    SparkStatusTracker tracker = spark.statusTracker();
    for (int job : tracker.getJobIdsForTag(jobTag)) {
      Option<SparkJobInfo> info = tracker.getJobInfo(job);
      if (info.isDefined()) {
        for (int stage : info.get().stageIds()) {
          Option<SparkStageInfo> found = tracker.getStageInfo(stage);
          if (found.isDefined()
              && found.get().numActiveTasks() + found.get().numCompletedTasks() > 0) {
            return true;
          }
        }
      }
    }
    return false;
  }

  /** Rank 0's outcome, if it ended well. */
  synchronized Optional<ReplicaResult<T>> done() {
    return outcomes.stream().filter(o -> o.rank() == 0 && !o.failed()).findFirst();
  }

  /** Of the failures told so far, the one that is the cause. */
  synchronized Optional<ReplicaResult<T>> cause() {
    return outcomes.stream()
        .filter(ReplicaResult::failed)
        .min(Comparator.comparing(ReplicaResult::kind));
  }

  /** Why the attempt was ended from here; empty if it was not. */
  synchronized String reason() {
    return reason;
  }

  /** One that has given up goes on cancelling a job that Spark keeps back. */
  @Override
  public synchronized void close() {
    closed = true;
    if (freed) {
      // It may have come after the job's end.
      boolean unused = Thread.interrupted();
    }
  }
}
