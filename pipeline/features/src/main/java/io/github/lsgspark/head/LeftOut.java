package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * A labelled sample as a head sees it that was fitted without it.
 *
 * @param id of the sample
 * @param label number of its class
 * @param own probability of its label
 * @param classes [k], the most probable, the best first
 * @param probabilities [k], theirs
 */
public record LeftOut(String id, int label, float own, int[] classes, float[] probabilities)
    implements Serializable {}
