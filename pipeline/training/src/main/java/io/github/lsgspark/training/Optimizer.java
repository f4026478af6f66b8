package io.github.lsgspark.training;

import org.bytedeco.pytorch.Tensor;

/** What makes new weights of the gradients of a step. */
interface Optimizer extends AutoCloseable {

  /** One step with the gradients as they are. */
  void step(double learningRate);

  /** The momentum, at the same places as the values; see {@link #gather}. */
  Tensor velocity();

  /** Brings {@link #velocity} up to date. Every replica calls it at the same point. */
  void gather();

  /** Nanoseconds spent on what other optimisers leave to the collective, without its own. */
  long exchangedNanos();

  @Override
  void close();
}
