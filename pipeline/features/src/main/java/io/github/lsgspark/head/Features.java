package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * What a frozen network says of one view of a sample.
 *
 * @param id of the sample; its views follow each other within a partition, the plain one first
 * @param label number of its class, or {@link #UNLABELLED}
 * @param values pooled outputs of all layers, one after the other, as {@link Slice}s say
 */
public record Features(String id, int label, float[] values) implements Serializable {
  /** The label of a sample without one. */
  public static final int UNLABELLED = -1;
}
