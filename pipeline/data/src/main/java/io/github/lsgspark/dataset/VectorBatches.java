package io.github.lsgspark.dataset;

/** Batches out of a table of vectors, where samples need not be opened. Not for several threads. */
public final class VectorBatches {
  private final BatchBuffers buffers = new BatchBuffers(0);
  private final float[] table;
  private final int dimension;

  /**
   * @param table row-major [n, dimension]
   */
  @SuppressWarnings("ArrayParameterNotCopied")
  public VectorBatches(float[] table, int dimension) {
    this.table = table;
    this.dimension = dimension;
  }

  /** A batch [rows, dimension] of some rows, in their order. */
  public ViewBatch of(int[] rows) {
    ViewBatch batch = new ViewBatch(buffers, rows.length, new long[] {dimension});
    for (int i = 0; i < rows.length; i++) {
      batch.view(i).put(table, rows[i] * dimension, dimension);
    }
    return batch;
  }
}
