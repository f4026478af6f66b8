package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import java.time.Duration;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.apache.spark.status.api.v1.ExecutorSummary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;

/**
 * Where the replicas of one attempt go.
 *
 * @param replicas how many
 * @param executors there; 0 in local mode
 * @param profile what each task asks of its executor, so that replicas spread evenly; absent where
 *     the tasks' own requirements do
 */
record Placement(int replicas, int executors, Optional<ResourceProfile> profile) {
  private static final Logger LOG = LoggerFactory.getLogger(Placement.class);
  private static final long POLL_MILLIS = 500;

  /** Executors now there. */
  private record Executors(int count, int cores, int gpus) {
    static Executors of(SparkContext spark) {
      int cores = Integer.MAX_VALUE;
      int gpus = Integer.MAX_VALUE;
      int count = 0;
      Iterator<ExecutorSummary> all = spark.statusStore().executorList(true).iterator();
      while (all.hasNext()) {
        ExecutorSummary executor = all.next();
        if (!executor.id().equals("driver")) {
          count++;
          cores = Math.min(cores, executor.totalCores());
          gpus =
              Math.min(
                  gpus,
                  executor.resources().contains("gpu")
                      ? executor.resources().apply("gpu").addresses().length
                      : 0);
        }
      }
      return new Executors(count, cores, gpus);
    }

    int slots() {
      return count * Math.max(1, gpus);
    }
  }

  /**
   * Waits for the executors that the replicas need.
   *
   * @param wanted replicas; 0: one in local mode, one per executor or GPU on a cluster
   * @param before executors of the attempt before; 0: none
   * @param timeout longest wait; then fewer executors do if {@code wanted} is 0
   * @throws LsgException exit 2 if local mode has not so many cores, exit 4 if executors stay away
   */
  static Placement await(SparkContext spark, int wanted, int before, Duration timeout) {
    if (spark.isLocal()) {
      int cores = spark.defaultParallelism();
      if (wanted > cores) {
        throw LsgException.usage(
            "train.replicas = "
                + wanted
                + ", but "
                + spark.master()
                + " runs "
                + cores
                + " tasks at once");
      }
      return new Placement(Math.max(1, wanted), 0, Optional.empty());
    }
    SparkConf conf = spark.conf();
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw LsgException.usage(
          "spark.dynamicAllocation.enabled = true: replicas must all run at once, so the number of"
              + " executors must be fixed (spark.executor.instances)");
    }
    int asked =
        wanted > 0 ? 1 : Math.max(Math.max(1, before), conf.getInt("spark.executor.instances", 1));
    long deadline = System.nanoTime() + timeout.toNanos();
    Executors executors = Executors.of(spark);
    while (!enough(executors, wanted, asked)) {
      if (System.nanoTime() > deadline) {
        requireSome(executors, wanted, asked, timeout);
        break;
      }
      pause();
      executors = Executors.of(spark);
    }
    return on(executors, wanted > 0 ? wanted : executors.slots(), conf);
  }

  /**
   * How many programs have room at the same time; at least 1. Executors that are still to come
   * count if {@code spark.executor.instances} says so.
   *
   * @param wanted replicas of each; 0: one in local mode, all there is on a cluster
   */
  static int simultaneous(SparkContext spark, int wanted) {
    if (spark.isLocal()) {
      return Math.max(1, spark.defaultParallelism() / Math.max(1, wanted));
    }
    if (wanted == 0) {
      return 1;
    }
    int executors =
        Math.max(Executors.of(spark).count(), spark.conf().getInt("spark.executor.instances", 1));
    return simultaneous(executors, wanted);
  }

  /** On a cluster, where the tasks of one program take all cores of the executors they are on. */
  static int simultaneous(int executors, int wanted) {
    int perExecutor = (wanted + executors - 1) / executors;
    return Math.max(1, executors * perExecutor / wanted);
  }

  private static boolean enough(Executors executors, int wanted, int asked) {
    return wanted > 0
        ? executors.count() > 0 && (long) executors.count() * executors.cores() >= wanted
        : executors.count() >= asked;
  }

  private static void requireSome(Executors executors, int wanted, int asked, Duration timeout) {
    if (wanted > 0 || executors.count() == 0) {
      throw LsgException.environment(
          "the training needs "
              + (wanted > 0 ? wanted + " replicas" : asked + " executors")
              + ", but after "
              + timeout.toSeconds()
              + " s "
              + (executors.count() == 0
                  ? "there is no executor"
                  : executors.count() + " executors of " + executors.cores() + " cores are there"),
          null);
    }
    LOG.warn(
        "train: {} of {} executors are there after {} s; going on with these",
        executors.count(),
        asked,
        timeout.toSeconds());
  }

  private static Placement on(Executors executors, int replicas, SparkConf conf) {
    int perExecutor = (replicas + executors.count() - 1) / executors.count();
    int cpus = Math.max(1, executors.cores() / perExecutor);
    if (cpus == conf.getInt("spark.task.cpus", 1) && executors.gpus() == 0) {
      return new Placement(replicas, executors.count(), Optional.empty());
    }
    TaskResourceRequests requests = new TaskResourceRequests().cpus(cpus);
    if (executors.gpus() > 0) {
      requests.resource("gpu", 1);
    }
    return new Placement(
        replicas,
        executors.count(),
        Optional.of(new ResourceProfileBuilder().require(requests).build()));
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for executors", e);
    }
  }
}
