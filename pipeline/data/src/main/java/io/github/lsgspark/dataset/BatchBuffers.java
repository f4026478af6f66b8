package io.github.lsgspark.dataset;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Memory outside the heap that batches use again and again. */
final class BatchBuffers {
  private static final int CACHE_LINE = 64;

  private final long keepBytes;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private long kept;

  /**
   * @param keepBytes unused memory that stays allocated, at least one buffer
   */
  BatchBuffers(long keepBytes) {
    this.keepBytes = keepBytes;
  }

  /** A buffer of exactly this length; its content is undefined. */
  synchronized ByteBuffer take(int bytes) {
    for (Iterator<ByteBuffer> buffers = free.iterator(); buffers.hasNext(); ) {
      ByteBuffer buffer = buffers.next();
      if (buffer.capacity() == bytes) {
        buffers.remove();
        kept -= bytes;
        return buffer;
      }
    }
    // The aligned part begins later and ends earlier, each by less than a line.
    return ByteBuffer.allocateDirect(bytes + 2 * CACHE_LINE)
        .alignedSlice(CACHE_LINE)
        .slice(0, bytes)
        .order(ByteOrder.nativeOrder());
  }

  synchronized void giveBack(ByteBuffer buffer) {
    free.addFirst(buffer);
    kept += buffer.capacity();
    while (kept > keepBytes && free.size() > 1) {
      kept -= free.removeLast().capacity();
    }
  }
}
