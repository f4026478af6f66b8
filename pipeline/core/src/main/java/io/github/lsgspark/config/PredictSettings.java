package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What is labelled.
 *
 * @param input images to label: folder, zip, list file or Parquet; empty: the unlabelled samples of
 *     the prepared table
 */
public record PredictSettings(@InputPath String input) implements Serializable {}
