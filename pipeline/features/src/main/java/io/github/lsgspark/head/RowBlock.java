package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.List;

/**
 * Features of some samples as the network gave them, the views of a sample one behind the other.
 *
 * @param ids of the samples [m]
 * @param labels their classes [m], -1 where unknown
 * @param values row-major [m · views, width]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record RowBlock(String[] ids, int[] labels, float[] values) implements Serializable {

  int samples() {
    return ids.length;
  }

  /** One block of all samples, in the same order. */
  static RowBlock joined(List<RowBlock> blocks) {
    int samples = blocks.stream().mapToInt(RowBlock::samples).sum();
    int length = blocks.stream().mapToInt(block -> block.values.length).sum();
    RowBlock all = new RowBlock(new String[samples], new int[samples], new float[length]);
    int at = 0;
    int from = 0;
    for (RowBlock block : blocks) {
      System.arraycopy(block.ids, 0, all.ids, at, block.samples());
      System.arraycopy(block.labels, 0, all.labels, at, block.samples());
      System.arraycopy(block.values, 0, all.values, from, block.values.length);
      at += block.samples();
      from += block.values.length;
    }
    return all;
  }
}
