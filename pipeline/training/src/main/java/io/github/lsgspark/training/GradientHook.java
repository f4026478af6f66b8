package io.github.lsgspark.training;

/**
 * Adds to the flat gradient in each step of the optimiser, after the sum over the replicas and
 * after clipping: what is the same on every replica and needs no backward pass.
 */
interface GradientHook extends AutoCloseable {

  /** Adds its gradient at the present values to the parameters' gradients. */
  void addGradient();

  @Override
  default void close() {}
}
