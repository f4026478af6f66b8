package io.github.lsgspark.head;

import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Rows of features that are computed with at once. All views of a sample stand in one block, one
 * after the other.
 *
 * @param ids [n] of samples
 * @param labels [n]
 * @param dimension D
 * @param values [n,D], row-major
 */
record Block(String[] ids, int[] labels, int dimension, float[] values) implements Serializable {

  /** Number of rows n. */
  int count() {
    return labels.length;
  }

  /** [n,D], float32. */
  Tensor tensor() {
    return Tensors.of(values, count(), dimension);
  }

  /** [n], int64. */
  Tensor labelTensor() {
    return Tensors.of(Arrays.stream(labels).asLongStream().toArray(), count());
  }

  /** The first row of each sample. */
  int[] firstRows() {
    return IntStream.range(0, count())
        .filter(row -> row == 0 || !ids[row].equals(ids[row - 1]))
        .toArray();
  }

  /** Only the rows that have a label. */
  Block labelled() {
    int[] rows = IntStream.range(0, count()).filter(row -> labels[row] >= 0).toArray();
    return rows.length == count() ? this : at(rows);
  }

  /** The rows one by one. */
  List<Features> features() {
    return IntStream.range(0, count())
        .mapToObj(
            row ->
                new Features(
                    ids[row],
                    labels[row],
                    Arrays.copyOfRange(values, row * dimension, (row + 1) * dimension)))
        .toList();
  }

  private Block at(int[] rows) {
    float[] chosen = new float[rows.length * dimension];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(values, rows[i] * dimension, chosen, i * dimension, dimension);
    }
    return new Block(
        Arrays.stream(rows).mapToObj(row -> ids[row]).toArray(String[]::new),
        Arrays.stream(rows).map(row -> labels[row]).toArray(),
        dimension,
        chosen);
  }

  /** The rows of several blocks in one. */
  static Block joined(List<Block> blocks, int dimension) {
    int count = blocks.stream().mapToInt(Block::count).sum();
    String[] ids = new String[count];
    int[] labels = new int[count];
    float[] values = new float[Math.multiplyExact(count, dimension)];
    int at = 0;
    for (Block block : blocks) {
      System.arraycopy(block.ids, 0, ids, at, block.count());
      System.arraycopy(block.labels, 0, labels, at, block.count());
      System.arraycopy(block.values, 0, values, at * dimension, block.values.length);
      at += block.count();
    }
    return new Block(ids, labels, dimension, values);
  }
}
