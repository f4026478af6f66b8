package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings;
import org.apache.hadoop.conf.Configuration;

/** What the machines of a run answer where its settings leave a choice to them. */
interface Machines {

  /** Whether the replicas of a training compute on GPUs. */
  boolean gpusOfReplicas(TrainSettings.Device wanted);

  /** Whether other tasks do. */
  boolean gpusOfTasks(TrainSettings.Device wanted);

  /** Whether the driver does. */
  boolean gpuOfDriver(TrainSettings.Device wanted);

  /** Whether the driver's processor multiplies bfloat16 faster than float32. */
  boolean driverIsFastAtBfloat16();

  /** How many replicas a training will have. */
  int replicas(TrainSettings train);

  /** Whether the hosts of all replicas have matrix units for bfloat16. */
  boolean matrixUnits(TrainSettings train);

  /** How the storage of the run is reached. */
  Configuration hadoop();

  /** The element type that a language model computes in. */
  EmbeddingSettings.Dtype dtype(Settings settings);
}
