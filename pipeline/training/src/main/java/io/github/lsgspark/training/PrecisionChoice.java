package io.github.lsgspark.training;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Precision;
import io.github.lsgspark.torch.GrantedGpus;
import io.github.lsgspark.training.engine.ReplicaHosts;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;

/**
 * The arithmetic of a training, decided once on the driver: all replicas compute alike, whatever
 * their hosts.
 */
public final class PrecisionChoice {
  private PrecisionChoice() {}

  /**
   * What {@code train.precision} comes to. AUTO is bfloat16 on GPUs, and on CPUs if every replica's
   * has matrix units for it (AMX); else float32.
   *
   * @param gpus whether replicas compute on GPUs
   * @param matrixUnits whether all their hosts have such units; asked only where it counts
   */
  public static Precision of(TrainSettings train, boolean gpus, BooleanSupplier matrixUnits) {
    return switch (train.precision()) {
      case FLOAT32 -> Precision.FLOAT32;
      case BFLOAT16 -> Precision.BFLOAT16;
      case AUTO -> gpus || matrixUnits.getAsBoolean() ? Precision.BFLOAT16 : Precision.FLOAT32;
    };
  }

  /** The same, for the replicas that a training will have. */
  static Precision of(SparkContext spark, TrainSettings train) {
    return of(
        train,
        GrantedGpus.toReplicas(spark.conf(), train.device()),
        () ->
            ReplicaHosts.await(
                    spark,
                    train.replicas(),
                    train.device() != TrainSettings.Device.CPU,
                    Duration.ofSeconds(train.timeoutSeconds()))
                .haveMatrixUnits());
  }
}
