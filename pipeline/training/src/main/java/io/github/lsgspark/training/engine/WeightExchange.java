package io.github.lsgspark.training.engine;

/**
 * What sums the gradients of all replicas and takes the optimiser's step with them, in the place of
 * this program's own all-reduce and optimiser. Every replica makes the same calls in the same
 * order.
 */
public interface WeightExchange extends AutoCloseable {

  /**
   * One step.
   *
   * @param gradients this replica's own; what they are afterwards does not matter
   * @param weights are replaced by the new ones, which are the same on every replica
   * @throws io.github.lsgspark.torch.LostPeerException if another replica was lost
   */
  void step(float[] gradients, double rate, float[] weights);

  /** The velocity of all weights, brought together from all replicas. */
  float[] velocity();

  @Override
  void close();
}
