package io.github.lsgspark.dataset.media;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** Bytes of the heap as a file that FFmpeg reads. */
final class MemoryInput implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int SEEK_SET = 0;
  private static final int SEEK_CUR = 1;
  private static final int SEEK_END = 2;

  /** JavaCPP makes few native functions per class, so that all inputs share these. */
  private static final Map<Long, MemoryInput> OPEN = new ConcurrentHashMap<>();

  private static final AtomicLong NEXT = new AtomicLong(1);
  private static final Reader READER = new Reader();
  private static final Seeker SEEKER = new Seeker();

  static {
    // Whatever scope of pointers this class is first used in, they live as long as the JVM.
    READER.retainReference();
    SEEKER.retainReference();
  }

  private final byte[] content;
  private final long handle = NEXT.getAndIncrement();
  private final AVIOContext context;
  private int at;

  MemoryInput(byte[] content) {
    this.content = content;
    OPEN.put(handle, this);
    BytePointer buffer = new BytePointer(avutil.av_malloc(BUFFER_BYTES)).capacity(BUFFER_BYTES);
    context =
        avformat.avio_alloc_context(
            buffer, BUFFER_BYTES, 0, new Handle(handle), READER, null, SEEKER);
  }

  AVIOContext context() {
    return context;
  }

  private int read(BytePointer target, int wanted) {
    int count = Math.min(wanted, content.length - at);
    if (count <= 0) {
      return avutil.AVERROR_EOF;
    }
    target.position(0).put(content, at, count);
    at += count;
    return count;
  }

  private long seek(long offset, int whence) {
    long from =
        switch (whence & ~avformat.AVSEEK_FORCE) {
          case SEEK_SET -> 0;
          case SEEK_CUR -> at;
          case SEEK_END -> content.length;
          default -> -1;
        };
    if (whence == avformat.AVSEEK_SIZE) {
      return content.length;
    }
    long to = from + offset;
    if (from < 0 || to < 0 || to > content.length) {
      return -1;
    }
    at = (int) to;
    return to;
  }

  @Override
  public void close() {
    OPEN.remove(handle);
    // FFmpeg may have put another buffer in the place of ours.
    avutil.av_freep(new FieldPointer(context));
    avformat.avio_context_free(context);
  }

  /** A number in the place of an address; nothing lies there. */
  private static final class Handle extends Pointer {
    Handle(long number) {
      address = number;
    }
  }

  /** Where a context keeps the address of its buffer: in its second field. */
  private static final class FieldPointer extends Pointer {
    FieldPointer(AVIOContext context) {
      address = context.address() + Long.BYTES;
    }
  }

  private static final class Reader extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer handle, BytePointer target, int wanted) {
      MemoryInput input = OPEN.get(handle.address());
      return input == null ? avutil.AVERROR_EOF : input.read(target, wanted);
    }
  }

  private static final class Seeker extends Seek_Pointer_long_int {
    @Override
    public long call(Pointer handle, long offset, int whence) {
      MemoryInput input = OPEN.get(handle.address());
      return input == null ? -1 : input.seek(offset, whence);
    }
  }
}
