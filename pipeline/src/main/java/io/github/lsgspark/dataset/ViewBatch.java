package io.github.lsgspark.dataset;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Views in memory outside the heap. Closing a batch lets another one use the memory, so a tensor
 * over {@link #images} must not be used after that.
 */
public final class ViewBatch implements AutoCloseable {
  private final BatchBuffers buffers;
  private final ByteBuffer data;
  private final int count;
  private final int size;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param size side of a view in pixels
   */
  ViewBatch(BatchBuffers buffers, int count, int size) {
    this.buffers = buffers;
    this.count = count;
    this.size = size;
    this.data = buffers.take(Math.toIntExact(bytes(count, size)));
  }

  static long bytes(int count, int size) {
    return 12L * count * size * size;
  }

  /** Number of views. */
  public int count() {
    return count;
  }

  /** The views, float32 [count, 3, size, size], without a copy. */
  public HostArray images() {
    if (closed.get()) {
      throw new IllegalStateException("the batch is closed");
    }
    return new HostArray(Dtype.FLOAT32, new long[] {count, 3, size, size}, data);
  }

  /** Memory of one view. */
  FloatBuffer view(int index) {
    int bytes = Math.toIntExact(bytes(1, size));
    return data.slice(index * bytes, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      buffers.giveBack(data);
    }
  }
}
