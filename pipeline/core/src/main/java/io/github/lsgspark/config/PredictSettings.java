package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What is labelled.
 *
 * @param input images to label: folder, zip, list file or Parquet; empty: the unlabelled samples of
 *     the prepared table
 * @param unlikeQuantile share of samples like the labelled ones that is not told to be unlike them
 *     all; 0: nothing is told
 * @param windowStep seconds between the starts of two windows of a sound of {@code input}; 0: no
 *     windows
 */
public record PredictSettings(
    @InputPath String input,
    @Range(min = 0, max = 1) double unlikeQuantile,
    @Range(min = 0, max = 86400) double windowStep)
    implements Serializable {}
