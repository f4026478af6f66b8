package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Short trainings on a part of the labels each, judged on the rest.
 *
 * @param folds parts that each are left out once
 * @param repeats of the division, each drawn anew
 * @param share of the steps of the training
 */
public record TrialSettings(
    @Range(min = 2, max = 100) int folds,
    @Range(min = 1, max = 100) int repeats,
    @Range(min = 0.01, max = 1) double share)
    implements Serializable {}
