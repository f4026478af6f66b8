package io.github.lsgspark.curation;

import java.io.Serializable;

/**
 * A sample that is like no other.
 *
 * @param id of the sample
 * @param split its split
 * @param label its class, -1 where it is unknown or not to be known
 * @param distance 1 less the mean cosine to its nearest
 * @param deviations from the median distance, in robust standard deviations
 */
public record Outlier(String id, String split, int label, double distance, double deviations)
    implements Serializable {}
