package io.github.lsgspark.curation;

/**
 * A sample to be labelled.
 *
 * @param id of the sample
 * @param rank from 1
 * @param score by how much labelling it raises what labelled samples stand for
 * @param predicted the likeliest class, -1 where there is no head
 * @param probability of that class; NaN where there is no head
 * @param margin of that class before the next; NaN where there is no head
 */
public record Selected(
    String id, int rank, double score, int predicted, double probability, double margin) {}
