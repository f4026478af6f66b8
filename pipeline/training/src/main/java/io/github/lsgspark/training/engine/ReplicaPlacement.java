package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import java.time.Duration;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the replicas of one attempt go.
 *
 * @param replicas how many
 * @param executors there; 0 in local mode
 * @param profile what each task asks of its executor, so that replicas spread evenly; absent where
 *     the tasks' own requirements do
 */
record ReplicaPlacement(int replicas, int executors, Optional<ResourceProfile> profile) {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaPlacement.class);
  private static final long POLL_MILLIS = 500;

  /**
   * Waits for the executors that the replicas need.
   *
   * @param wanted replicas; 0: one in local mode, one per executor or GPU on a cluster
   * @param before executors of the attempt before; 0: none
   * @param onGpus whether a replica takes a GPU where executors have some
   * @param timeout longest wait; then fewer executors do if {@code wanted} is 0
   * @throws LsgException exit 2 if local mode has not so many cores or dynamic allocation is on,
   *     exit 4 if the executors that were asked for have not so many, or stay away
   */
  static ReplicaPlacement await(
      SparkContext spark, int wanted, int before, boolean onGpus, Duration timeout) {
    SparkConf conf = spark.conf();
    if (spark.isLocal()) {
      requireLocal(spark.master(), wanted, conf.getInt("spark.task.cpus", 1));
      return new ReplicaPlacement(Math.max(1, wanted), 0, Optional.empty());
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw LsgException.usage(
          "spark.dynamicAllocation.enabled = true: replicas must all run at once, so the number of"
              + " executors must be fixed (spark.executor.instances)");
    }
    Slots.Asked asked = Slots.Asked.of(conf, onGpus);
    asked.requireRoom(wanted);
    int instances = Math.max(asked.executors(), conf.getInt("spark.executor.instances", 1));
    int least = wanted > 0 ? 1 : Math.max(before, instances);
    long deadline = System.nanoTime() + timeout.toNanos();
    Slots slots = Slots.of(spark, onGpus);
    while (wanted > 0 ? slots.count() < wanted : slots.executors() < least) {
      boolean all = asked.executors() > 0 && slots.executors() >= asked.executors();
      if (System.nanoTime() > deadline || (wanted > 0 && all)) {
        requireSome(slots, wanted, least, timeout, all);
        break;
      }
      pause();
      slots = Slots.of(spark, onGpus);
    }
    return on(slots, wanted > 0 ? wanted : slots.everywhere(), conf);
  }

  /**
   * @throws LsgException exit 2 if local mode does not run so many tasks at once
   */
  static void requireLocal(String master, int wanted, int taskCpus) {
    int cores = Slots.localCores(master);
    if (wanted > 1 && wanted > cores / taskCpus) {
      throw LsgException.usage(
          "train.replicas = "
              + wanted
              + ", but "
              + master
              + " runs "
              + cores / taskCpus
              + " tasks at once"
              + (taskCpus == 1 ? "" : " with spark.task.cpus = " + taskCpus));
    }
  }

  /**
   * How many programs have room at the same time; at least 1. Executors that are still to come
   * count if {@code spark.executor.instances} says so.
   *
   * @param wanted replicas of each; 0: one in local mode, all there is on a cluster
   */
  static int simultaneous(SparkContext spark, int wanted) {
    if (spark.isLocal()) {
      return Math.max(1, Slots.localCores(spark.master()) / Math.max(1, wanted));
    }
    if (wanted == 0) {
      return 1;
    }
    int executors =
        Math.max(
            Slots.of(spark, false).executors(), spark.conf().getInt("spark.executor.instances", 1));
    return simultaneous(executors, wanted);
  }

  /** On a cluster, where the tasks of one program take all cores of the executors they are on. */
  static int simultaneous(int executors, int wanted) {
    int perExecutor = (wanted + executors - 1) / executors;
    return Math.max(1, executors * perExecutor / wanted);
  }

  private static void requireSome(
      Slots slots, int wanted, int least, Duration timeout, boolean all) {
    if (wanted > 0 || slots.executors() == 0) {
      String there =
          slots.executors() == 0 ? "there is no executor" : slots + " offer " + slots.count();
      throw LsgException.environment(
          (wanted > 0 ? "train.replicas = " + wanted : "the training needs " + least + " executors")
              + ", but "
              + (all ? "" : "after " + timeout.toSeconds() + " s ")
              + there,
          null);
    }
    LOG.warn(
        "train: {} of {} executors are there after {} s; going on with these",
        slots.executors(),
        least,
        timeout.toSeconds());
  }

  private static ReplicaPlacement on(Slots slots, int replicas, SparkConf conf) {
    int cpus = slots.cpusOfEach(replicas);
    if (cpus == conf.getInt("spark.task.cpus", 1) && !slots.haveGpus()) {
      return new ReplicaPlacement(replicas, slots.executors(), Optional.empty());
    }
    TaskResourceRequests requests = new TaskResourceRequests().cpus(cpus);
    if (slots.haveGpus()) {
      requests.resource("gpu", 1);
    }
    return new ReplicaPlacement(
        replicas,
        slots.executors(),
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
