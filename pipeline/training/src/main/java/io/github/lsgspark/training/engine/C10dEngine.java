package io.github.lsgspark.training.engine;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.collection.immutable.Range$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Replicas as the tasks of one Spark barrier stage, which exchange tensors by PyTorch's c10d: all
 * start together, meet at rank 0's TCP store, whose address goes round through the barrier context,
 * and fail together. If one is lost, all are started again, up to a bound; a failure that would
 * repeat itself is not tried again.
 */
public final class C10dEngine implements DataParallelEngine {
  private static final Logger LOG = LoggerFactory.getLogger(C10dEngine.class);

  /** Spark notices a stalled executor after {@code spark.network.timeout}; some time more. */
  private static final Duration BEYOND_HEARTBEATS = Duration.ofSeconds(60);

  private static final Duration STORAGE_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  private final SparkContext spark;
  private final EngineOptions options;

  public C10dEngine(SparkContext spark, EngineOptions options) {
    this.spark = spark;
    this.options = options;
  }

  /**
   * How many trainings have room at the same time; at least 1. More than these would wait for each
   * other, and be given up.
   *
   * @param replicas of each; 0: one in local mode, all there is on a cluster
   */
  public static int simultaneous(SparkContext spark, int replicas) {
    return ReplicaPlacement.simultaneous(spark, replicas);
  }

  /**
   * Has the trainings that this thread starts leave room on a machine's cores for others at the
   * same time, in local mode. More threads than cores would wait for each other at every operation.
   *
   * @param trainings at the same time
   */
  public static void sharingCores(SparkContext spark, int trainings) {
    spark.setLocalProperty(ReplicaTask.TRAININGS_AT_ONCE, Integer.toString(trainings));
  }

  @Override
  public <T extends Serializable> T run(ReplicaProgram<T> program, String description) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark);
    Broadcast<ReplicaProgram<T>> shared = context.broadcast(program);
    HadoopFiles files = new HadoopFiles(spark.hadoopConfiguration());
    AtomicBoolean asked = new AtomicBoolean();
    Runnable askToStop =
        () -> {
          asked.set(true);
          files.write(options.stopFile(), new byte[0]);
        };
    // In local mode the replica sees the end of the JVM itself.
    Runnable onEnd = spark.isLocal() || options.stopFile().isEmpty() ? () -> {} : askToStop;
    dropStopFile(files);
    try (StopSignal ending = StopSignal.listen(files, "", onEnd, options.grace())) {
      return attempts(shared, description, ending);
    } finally {
      if (!spark.isStopped()) {
        shared.destroy();
      }
      // One of another run, which has taken this one over, is not this run's to drop.
      if (asked.get()) {
        dropStopFile(files);
      }
    }
  }

  /** One that a run before has left would end this one at once. */
  private void dropStopFile(HadoopFiles files) {
    if (!options.stopFile().isEmpty()) {
      files.delete(options.stopFile());
    }
  }

  private <T extends Serializable> T attempts(
      Broadcast<ReplicaProgram<T>> program, String description, StopSignal ending) {
    String problem = "";
    int executors = 0;
    for (int attempt = 1; attempt <= options.maxAttempts(); attempt++) {
      ReplicaPlacement placement =
          ReplicaPlacement.await(
              spark,
              options.replicas(),
              executors,
              options.device() != TrainSettings.Device.CPU,
              options.timeout());
      executors = Math.max(executors, placement.executors());
      Attempt<T> result = attempt(program, placement, attempt, description);
      if (result.watch().done().isPresent()) {
        return result.watch().done().get().value();
      }
      Optional<ReplicaResult<T>> cause = result.watch().cause();
      if (cause.isPresent() && cause.get().kind() == ReplicaResult.Kind.FAILED) {
        throw cause.get().exception();
      }
      problem = result.problem();
      if (spark.isStopped()) {
        throw LsgException.failed(
            "Spark ended the application, as it does when executors are lost again and again: "
                + problem
                + ". What was saved is used when the training is started again.");
      }
      if (ending.ending()) {
        throw LsgException.failed("the training was asked to stop: " + problem);
      }
      LOG.warn("train: attempt {} of {} ended: {}", attempt, options.maxAttempts(), problem);
      if (attempt < options.maxAttempts()
          && cause.isPresent()
          && cause.get().kind() == ReplicaResult.Kind.STORAGE) {
        pause(attempt);
      }
    }
    throw LsgException.failed(
        "the training was given up after "
            + options.maxAttempts()
            + " attempts; the last ended: "
            + problem
            + ". What was saved is used when it is started again.");
  }

  /** Gives a storage time to come back: longer each time. */
  private static void pause(int attempt) {
    try {
      Thread.sleep(Math.min(STORAGE_PAUSE.toMillis() << (attempt - 1), LONGEST_PAUSE.toMillis()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted between two attempts", e);
    }
  }

  /**
   * How an attempt ended.
   *
   * @param failure of the Spark job; null if there was none
   */
  private record Attempt<T extends Serializable>(RunWatch<T> watch, Exception failure) {
    String problem() {
      List<String> parts = new ArrayList<>();
      watch.cause().ifPresent(cause -> parts.add(cause.message()));
      if (!watch.reason().isEmpty()) {
        parts.add(watch.reason());
      } else if (failure != null) {
        parts.add(reason(failure));
      }
      return String.join("; ", parts);
    }

    /** The reason that Spark names last, which is the closest to the cause. */
    private static String reason(Exception failure) {
      String message = String.valueOf(failure.getMessage());
      int last = message.lastIndexOf("Reason: ");
      return (last < 0 ? message : message.substring(last))
          .lines()
          .filter(line -> !line.isBlank())
          .findFirst()
          .map(line -> last < 0 ? line : "an executor was lost: " + line.substring(8).strip())
          .map(NativeFault::explained)
          .orElse(failure.toString());
    }
  }

  private <T extends Serializable> Attempt<T> attempt(
      Broadcast<ReplicaProgram<T>> program,
      ReplicaPlacement placement,
      int attempt,
      String description) {
    String tag = "lsg-train-" + UUID.randomUUID();
    LOG.info(
        "train: {} replica(s){}{}",
        placement.replicas(),
        placement.executors() == 0 ? "" : " on " + placement.executors() + " executor(s)",
        attempt == 1 ? "" : ", attempt " + attempt + " of " + options.maxAttempts());
    // The watch cancels by the tag; a job group that the caller has set stays the caller's.
    spark.addJobTag(tag);
    spark.setInterruptOnCancel(true);
    try (JobDescription jobs = JobDescription.of(spark, "train");
        RunWatch<T> watch = new RunWatch<>(spark, tag, placement.replicas(), startTimeout())) {
      jobs.now("%s, %d replicas, attempt %d", description, placement.replicas(), attempt);
      try {
        spark.runJob(
            tasks(program, placement, attempt),
            new First<ReplicaResult<T>>(),
            Range$.MODULE$.apply(0, placement.replicas()),
            new AbstractFunction2<Object, ReplicaResult<T>, BoxedUnit>() {
              @Override
              public BoxedUnit apply(Object partition, ReplicaResult<T> outcome) {
                watch.ended(outcome);
                return BoxedUnit.UNIT;
              }
            },
            tag());
        return new Attempt<>(watch, null);
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        // Checked ones, which Scala does not declare: SparkException, or that of an interrupt.
        if (e instanceof InterruptedException && !watch.freed()) {
          Thread.currentThread().interrupt();
          throw new IllegalStateException("interrupted while replicas ran", e);
        }
        return new Attempt<>(watch, e);
      }
    } finally {
      spark.removeJobTag(tag);
      spark.setInterruptOnCancel(false);
    }
  }

  private Duration startTimeout() {
    Duration heartbeats =
        Duration.ofSeconds(spark.conf().getTimeAsSeconds("spark.network.timeout", "120s"));
    Duration noticed = heartbeats.plus(BEYOND_HEARTBEATS);
    return noticed.compareTo(options.timeout()) > 0 ? noticed : options.timeout();
  }

  private <T extends Serializable> RDD<ReplicaResult<T>> tasks(
      Broadcast<ReplicaProgram<T>> program, ReplicaPlacement placement, int attempt) {
    List<Integer> ranks = new ArrayList<>();
    for (int rank = 0; rank < placement.replicas(); rank++) {
      ranks.add(rank);
    }
    RDD<Integer> rdd =
        JavaSparkContext.fromSparkContext(spark).parallelize(ranks, ranks.size()).rdd();
    RDD<ReplicaResult<T>> tasks =
        rdd.barrier()
            .mapPartitions(
                new ReplicaTask<>(
                    program,
                    options,
                    new SerializableConfiguration(spark.hadoopConfiguration()),
                    attempt),
                false,
                tag());
    return placement.profile().isPresent() ? tasks.withResources(placement.profile().get()) : tasks;
  }

  private static <U> ClassTag<U> tag() {
    return ClassTag$.MODULE$.apply(ReplicaResult.class);
  }

  /** The only element of a partition. */
  private static final class First<U> extends AbstractFunction2<TaskContext, Iterator<U>, U>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public U apply(TaskContext task, Iterator<U> elements) {
      return elements.next();
    }
  }
}
