package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * What a fit with unlabelled samples takes one of them for.
 *
 * @param id of the sample
 * @param probabilities of the classes [C]
 * @param weight it had in the fit, in [0, 1]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record SoftLabel(String id, float[] probabilities, float weight) implements Serializable {}
