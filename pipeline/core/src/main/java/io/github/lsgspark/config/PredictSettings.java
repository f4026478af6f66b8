package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What is labelled.
 *
 * @param input images to label: folder, zip, list file or Parquet; empty: the unlabelled samples of
 *     the prepared table
 * @param unlikeQuantile share of samples like the labelled ones that is not told to be unlike them
 *     all; 0: nothing is told
 */
public record PredictSettings(
    @InputPath String input, @Range(min = 0, max = 1) double unlikeQuantile)
    implements Serializable {}
