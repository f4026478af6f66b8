package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.torch.Bfloat16Speed;
import io.github.lsgspark.torch.GrantedGpus;
import io.github.lsgspark.training.engine.ReplicaHosts;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * The machines that Spark has, or will have. Which of them have GPUs its properties say; in local
 * mode this host answers the rest, and Spark is not started for it. On a cluster the executors are
 * asked, once in a run. Safe for several threads.
 */
final class SparkMachines implements Machines {
  private final SparkLauncher spark;
  private final Map<Integer, Integer> counts = new HashMap<>();
  private final Map<Integer, Boolean> units = new HashMap<>();
  private final Map<TrainSettings.Device, EmbeddingSettings.Dtype> dtypes = new HashMap<>();

  SparkMachines(SparkLauncher spark) {
    this.spark = spark;
  }

  @Override
  public boolean gpusOfReplicas(TrainSettings.Device wanted) {
    return GrantedGpus.toReplicas(spark.conf(), wanted);
  }

  @Override
  public boolean gpusOfTasks(TrainSettings.Device wanted) {
    return GrantedGpus.toTasks(spark.conf(), wanted);
  }

  @Override
  public boolean gpuOfDriver(TrainSettings.Device wanted) {
    return GrantedGpus.toDriver(spark.conf(), wanted);
  }

  @Override
  public boolean driverIsFastAtBfloat16() {
    return Bfloat16Speed.ofProducts();
  }

  @Override
  public synchronized int replicas(TrainSettings train) {
    if (train.replicas() > 0 || isLocal()) {
      return Math.max(1, train.replicas());
    }
    return counts.computeIfAbsent(train.replicas(), unused -> hosts(train).count());
  }

  @Override
  public synchronized boolean matrixUnits(TrainSettings train) {
    return isLocal()
        ? Bfloat16Speed.ofMatrixUnits()
        : units.computeIfAbsent(train.replicas(), unused -> hosts(train).haveMatrixUnits());
  }

  @Override
  public Configuration hadoop() {
    return spark.hadoop();
  }

  @Override
  public synchronized EmbeddingSettings.Dtype dtype(Settings settings) {
    TrainSettings.Device device = settings.train().device();
    if (isLocal()) {
      return gpusOfTasks(device) || Bfloat16Speed.ofProducts()
          ? EmbeddingSettings.Dtype.BFLOAT16
          : EmbeddingSettings.Dtype.FLOAT32;
    }
    return dtypes.computeIfAbsent(device, unused -> EmbedStage.dtype(spark.session(), settings));
  }

  private boolean isLocal() {
    return GrantedGpus.isLocal(spark.conf());
  }

  private ReplicaHosts hosts(TrainSettings train) {
    return ReplicaHosts.await(
        spark.session().sparkContext(),
        train.replicas(),
        train.device() != TrainSettings.Device.CPU,
        Duration.ofSeconds(train.timeoutSeconds()));
  }
}
