package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Learning rates of a training that starts from the head, whose classifier has seen all labels.
 *
 * @param learningRate takes the place of {@code train.learning-rate}
 * @param headMultiplier takes the place of {@code train.head-multiplier}
 */
public record FromHeadSettings(
    @Range(min = 0, max = 100) double learningRate,
    @Range(min = 0, max = 1000) double headMultiplier)
    implements Serializable {}
