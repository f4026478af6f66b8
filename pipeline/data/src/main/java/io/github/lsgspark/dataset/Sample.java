package io.github.lsgspark.dataset;

import java.io.Serializable;

/**
 * One row of the sample table.
 *
 * @param label class number, -1 if unknown
 * @param reference where its encoded bytes are: path of a file, or a piece of a pack
 */
public record Sample(String id, int label, String reference) implements Serializable {}
