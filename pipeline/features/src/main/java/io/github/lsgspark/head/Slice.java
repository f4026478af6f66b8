package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * Where a layer stands among the features.
 *
 * @param layer its public name
 * @param from first of its features
 * @param length number of its features
 */
public record Slice(String layer, int from, int length) implements Serializable {}
