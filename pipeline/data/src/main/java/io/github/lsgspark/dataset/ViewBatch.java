package io.github.lsgspark.dataset;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Views in memory outside the heap. Closing a batch lets another one use the memory, so a tensor
 * over {@link #views} must not be used after that.
 */
public final class ViewBatch implements AutoCloseable {
  private final BatchBuffers buffers;
  private final ByteBuffer data;
  private final int count;
  private final long[] shape;
  private final AtomicBoolean closed = new AtomicBoolean();

  /**
   * @param shape of a view
   */
  ViewBatch(BatchBuffers buffers, int count, long[] shape) {
    this.buffers = buffers;
    this.count = count;
    this.shape = shape;
    this.data = buffers.take(Math.toIntExact(bytes(count, length())));
  }

  private int length() {
    return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
  }

  /**
   * @param length floats of a view
   */
  static long bytes(int count, int length) {
    return (long) Float.BYTES * count * length;
  }

  /** Number of views. */
  public int count() {
    return count;
  }

  /** The views, float32 [count, ...], such as [count, 3, h, w] of images, without a copy. */
  public HostArray views() {
    if (closed.get()) {
      throw new IllegalStateException("the batch is closed");
    }
    long[] all = new long[shape.length + 1];
    all[0] = count;
    System.arraycopy(shape, 0, all, 1, shape.length);
    return new HostArray(Dtype.FLOAT32, all, data);
  }

  /** Memory of one view. */
  FloatBuffer view(int index) {
    int bytes = Math.toIntExact(bytes(1, length()));
    return data.slice(index * bytes, bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      buffers.giveBack(data);
    }
  }
}
