package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Which samples to label next (docs/curation.md).
 *
 * @param count how many
 * @param method how they are chosen
 * @param diverseBelow labels for each class, as a mean, below which AUTO is DIVERSE
 * @param neighbours of a sample that it stands for when it is labelled
 * @param power of a cosine that says how well
 * @param format of what is written beside the list
 * @param shown samples on the page
 */
public record SelectSettings(
    @Range(min = 1, max = 10000000) int count,
    Method method,
    @Range(min = 0, max = 1e6) double diverseBelow,
    @Range(min = 1, max = 1000) int neighbours,
    @Range(min = 0, max = 100) double power,
    Format format,
    @Range(min = 0, max = 1000) int shown)
    implements Serializable {

  /** How samples are chosen. */
  public enum Method {
    /** DIVERSE while labels are few, then MARGIN. */
    AUTO,
    /** Samples that many others are like, and no two that are alike. */
    DIVERSE,
    /** The same, samples counted by how unsure the head is of them. */
    MARGIN,
    /** The same, samples counted by how unsure labels spread over the graph leave them. */
    GRAPH
  }

  /** What is written beside the list. */
  public enum Format {
    CSV,
    /** Tasks that Label Studio imports, too. */
    LABEL_STUDIO
  }
}
