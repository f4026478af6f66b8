package io.github.lsgspark.training;

import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.Collective;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.GlooCollective;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TaskDevice;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.SparkSession;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.reflect.ClassTag$;
import scala.runtime.AbstractFunction1;

/**
 * Runs replicas as the tasks of one Spark barrier stage: all start together, meet at rank 0's TCP
 * store, whose address goes round through the barrier context, and fail together.
 */
final class BarrierTraining {
  private BarrierTraining() {}

  /**
   * @return the content of metrics.json, from rank 0
   */
  static String run(SparkSession spark, TrainingPlan plan, int replicas) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Integer> ranks = new ArrayList<>();
    for (int rank = 0; rank < replicas; rank++) {
      ranks.add(rank);
    }
    Broadcast<TrainingPlan> shared = context.broadcast(plan);
    try {
      RDD<Integer> rdd = context.parallelize(ranks, replicas).rdd();
      RDD<String> results =
          rdd.barrier()
              .mapPartitions(new Program(shared), false, ClassTag$.MODULE$.apply(String.class));
      // A barrier stage that ends in a shuffle can be retried by Spark; a result stage cannot.
      return results.toJavaRDD().repartition(1).collect().stream()
          .filter(text -> !text.isEmpty())
          .findFirst()
          .orElseThrow();
    } finally {
      shared.destroy();
    }
  }

  /** What one task does. */
  private static final class Program extends AbstractFunction1<Iterator<Integer>, Iterator<String>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Broadcast<TrainingPlan> shared;

    Program(Broadcast<TrainingPlan> shared) {
      this.shared = shared;
    }

    @Override
    public Iterator<String> apply(Iterator<Integer> unused) {
      BarrierTaskContext task = BarrierTaskContext.get();
      TrainingPlan plan = shared.value();
      int rank = task.partitionId();
      ComputeDevice device = TaskDevice.of(task, plan.settings().train().device());
      int threads = threads(task);
      NativeTorch.setThreads(threads);
      try (Collective collective = connect(task, plan);
          Replica replica = new Replica(plan, collective, device, threads)) {
        String metrics = Json.text(replica.run());
        return JavaConverters.asScalaIterator(List.of(rank == 0 ? metrics : "").iterator());
      }
    }

    private static Collective connect(BarrierTaskContext task, TrainingPlan plan) {
      int worldSize = task.getTaskInfos().length;
      if (worldSize == 1) {
        return Collective.single();
      }
      Duration timeout = Duration.ofSeconds(plan.settings().train().timeoutSeconds());
      String bind = plan.settings().cluster().bindAddress();
      String host = bind.isEmpty() ? host(task, task.partitionId()) : bind;
      if (task.partitionId() == 0) {
        GlooCollective.Rendezvous meeting = GlooCollective.open(host, timeout);
        task.allGather(host + " " + meeting.port());
        return meeting.join(host, worldSize, timeout);
      }
      String[] address = task.allGather("")[0].split(" ", -1);
      return GlooCollective.join(
          address[0], Integer.parseInt(address[1]), host, task.partitionId(), worldSize, timeout);
    }

    private static String host(BarrierTaskContext task, int rank) {
      String address = task.getTaskInfos()[rank].address();
      int colon = address.lastIndexOf(':');
      return colon < 0 ? address : address.substring(0, colon);
    }

    /** This executor's cores, divided among the replicas that run in it. */
    private static int threads(BarrierTaskContext task) {
      String own = task.getTaskInfos()[task.partitionId()].address();
      long neighbours =
          Arrays.stream(task.getTaskInfos()).filter(info -> info.address().equals(own)).count();
      int processors = Runtime.getRuntime().availableProcessors();
      boolean local = SparkEnv.get().executorId().equals("driver");
      int cores =
          local
              ? processors
              : SparkEnv.get().conf().getInt("spark.executor.cores", Math.max(1, task.cpus()));
      return (int) Math.max(1, Math.min(cores, processors) / neighbours);
    }
  }
}
