package io.github.lsgspark.training.metrics;

/**
 * Where the time of one step went.
 *
 * @param nanos of the whole step, without validation and checkpoints between steps
 * @param waitNanos of them waiting for pictures
 * @param allReduceNanos of them summing gradients over the replicas
 */
public record StepTime(long nanos, long waitNanos, long allReduceNanos) {}
