package io.github.lsgspark.training.engine;

import io.github.lsgspark.torch.Bfloat16Speed;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.collection.Iterator$;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/** How many replicas a training will have, and what their hosts can do; asked before it starts. */
public final class ReplicaHosts {
  private static final long LOOK_MILLIS = 500;

  /** As many looks without another executor, and all are taken to be there. */
  private static final int QUIET_LOOKS = 6;

  private final SparkContext spark;
  private final ReplicaPlacement placement;

  private ReplicaHosts(SparkContext spark, ReplicaPlacement placement) {
    this.spark = spark;
    this.placement = placement;
  }

  /**
   * Waits for the executors that the replicas need.
   *
   * @param wanted replicas; 0: one in local mode, one per executor or GPU on a cluster
   * @param onGpus whether a replica takes a GPU where executors have some
   * @param timeout longest wait
   * @throws io.github.lsgspark.config.LsgException as a training that finds no place
   */
  public static ReplicaHosts await(
      SparkContext spark, int wanted, boolean onGpus, Duration timeout) {
    ReplicaPlacement now = ReplicaPlacement.await(spark, wanted, 0, onGpus, timeout);
    if (wanted > 0 || spark.isLocal() || spark.conf().contains("spark.executor.instances")) {
      return new ReplicaHosts(spark, now);
    }
    // Executors come one by one, and nothing says how many there will be.
    long deadline = System.nanoTime() + timeout.toNanos();
    int quiet = 0;
    while (quiet < QUIET_LOOKS && System.nanoTime() < deadline) {
      pause();
      ReplicaPlacement next = ReplicaPlacement.await(spark, wanted, 0, onGpus, timeout);
      quiet = next.replicas() == now.replicas() ? quiet + 1 : 0;
      now = next;
    }
    return new ReplicaHosts(spark, now);
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for executors", e);
    }
  }

  /** How many replicas there will be. */
  public int count() {
    return placement.replicas();
  }

  /**
   * Whether every one of them has matrix units for bfloat16: the least capable decides for all. A
   * barrier stage asks, so that the tasks lie where the replicas will.
   */
  public boolean haveMatrixUnits() {
    if (spark.isLocal()) {
      return Bfloat16Speed.ofMatrixUnits();
    }
    List<Integer> ranks = IntStream.range(0, placement.replicas()).boxed().toList();
    ClassTag<Boolean> tag = ClassTag$.MODULE$.apply(Boolean.class);
    RDD<Boolean> answers =
        JavaSparkContext.fromSparkContext(spark)
            .parallelize(ranks, ranks.size())
            .rdd()
            .barrier()
            .mapPartitions(new Question(), false, tag);
    if (placement.profile().isPresent()) {
      answers = answers.withResources(placement.profile().get());
    }
    return JavaRDD.fromRDD(answers, tag).reduce(Boolean::logicalAnd);
  }

  /** Asks the host that it runs on. */
  private static final class Question
      extends AbstractFunction1<Iterator<Integer>, Iterator<Boolean>> implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Iterator<Boolean> apply(Iterator<Integer> unused) {
      return Iterator$.MODULE$.single(Bfloat16Speed.ofMatrixUnits());
    }
  }
}
