package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The head that is trained on frozen features, with the losses of {@code lsg}.
 *
 * @param adapter whether a linear layer is trained between the features and the classifier and
 *     projector. Without it the losses of the projector do not reach the classifier
 * @param iterations steps
 * @param batch labelled samples of a step; all where there are fewer
 * @param learningRate of the adapter
 * @param headMultiplier factor of it for the classifier
 * @param projectorMultiplier factor of it for the projector
 */
public record LsgHeadSettings(
    Start start,
    boolean adapter,
    @Range(min = 1) int iterations,
    @Range(min = 1, max = 1000000) int batch,
    @Range(min = 0, max = 1000) double learningRate,
    @Range(min = 0, max = 1000) double headMultiplier,
    @Range(min = 0, max = 1000) double projectorMultiplier,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay)
    implements Serializable {

  /** What a trained head starts from. */
  public enum Start {
    /** A classifier that is drawn by the seed. */
    RANDOM,
    /** The ridge head, divided by its temperature. */
    RIDGE
  }
}
