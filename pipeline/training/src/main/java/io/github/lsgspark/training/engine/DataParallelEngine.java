package io.github.lsgspark.training.engine;

import java.io.Serializable;

/** Runs the same program on a number of replicas that compute together. */
public interface DataParallelEngine {

  /**
   * Runs a program to its end.
   *
   * @param description in plain words, for the log and Spark's pages
   * @return what the program of rank 0 returned
   */
  <T extends Serializable> T run(ReplicaProgram<T> program, String description);
}
