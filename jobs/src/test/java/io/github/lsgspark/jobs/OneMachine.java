package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import org.apache.hadoop.conf.Configuration;

/**
 * Machines that answer at once.
 *
 * @param gpus everywhere
 * @param matrixUnits of all hosts
 * @param executors a replica on each, where none are asked for
 */
record OneMachine(boolean gpus, boolean matrixUnits, int executors) implements Machines {
  /** A processor without matrix units, in local mode. */
  static final OneMachine PLAIN = new OneMachine(false, false, 1);

  @Override
  public boolean gpusOfReplicas(TrainSettings.Device wanted) {
    return wanted == TrainSettings.Device.CUDA || (wanted == TrainSettings.Device.AUTO && gpus);
  }

  @Override
  public Configuration hadoop() {
    return new Configuration();
  }

  @Override
  public boolean gpusOfTasks(TrainSettings.Device wanted) {
    return gpusOfReplicas(wanted);
  }

  @Override
  public boolean gpuOfDriver(TrainSettings.Device wanted) {
    return gpusOfReplicas(wanted);
  }

  @Override
  public boolean driverIsFastAtBfloat16() {
    return matrixUnits;
  }

  @Override
  public int replicas(TrainSettings train) {
    return train.replicas() > 0 ? train.replicas() : executors;
  }

  @Override
  public EmbeddingSettings.Dtype dtype(Settings settings) {
    return gpus || matrixUnits ? EmbeddingSettings.Dtype.BFLOAT16 : EmbeddingSettings.Dtype.FLOAT32;
  }

  @Override
  public boolean matrixUnits(TrainSettings train) {
    return matrixUnits;
  }
}
