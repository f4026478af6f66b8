package io.github.lsgspark.training;

import io.github.lsgspark.lsg.StepMetrics;
import io.github.lsgspark.training.metrics.StepTime;

/**
 * A step that was taken.
 *
 * @param step from 0
 * @param loss of the step, over all replicas
 * @param metrics of all replicas
 */
record StepReport(int step, double learningRate, double loss, StepMetrics metrics, StepTime time) {}
