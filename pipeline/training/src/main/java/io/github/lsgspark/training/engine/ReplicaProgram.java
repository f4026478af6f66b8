package io.github.lsgspark.training.engine;

import java.io.Serializable;

/**
 * What every replica runs. It may be run again, on other executors and with another number of
 * replicas, after one of them was lost: then it goes on from what it has saved.
 */
public interface ReplicaProgram<T extends Serializable> extends Serializable {

  /**
   * Runs as one of the replicas.
   *
   * @return rank 0's result is the run's; others are ignored
   * @throws StoppedException if it ended early since it was asked to
   */
  T run(ReplicaContext context) throws StoppedException;
}
