package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * What looks for wrong labels, duplicates and outliers (docs/curation.md).
 *
 * @param neighbours of a labelled sample whose labels are compared with its own
 * @param power of a cosine that makes the weight of a neighbour
 * @param neighbourShare part of the neighbours in the score of a label; the rest is what
 *     leave-one-out says
 * @param duplicateSimilarity cosine from which two samples count as the same
 * @param outlierNeighbours whose mean cosine says how far off a sample is
 * @param outlierDeviations robust standard deviations from the median that make an outlier
 * @param listed rows of each list at most
 * @param shown samples of each list on the page
 */
public record AuditSettings(
    @Range(min = 1, max = 10000) int neighbours,
    @Range(min = 0, max = 100) double power,
    @Range(min = 0, max = 1) double neighbourShare,
    @Range(min = 0, max = 1) double duplicateSimilarity,
    @Range(min = 1, max = 1000) int outlierNeighbours,
    @Range(min = 0, max = 1000) double outlierDeviations,
    @Range(min = 1, max = 10000000) int listed,
    @Range(min = 0, max = 1000) int shown)
    implements Serializable {}
