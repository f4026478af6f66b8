package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * What samples of a block are taken for.
 *
 * @param probabilities row-major [m, C]
 * @param weights [m]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Targets(float[] probabilities, float[] weights) implements Serializable {}
