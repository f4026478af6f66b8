package io.github.lsgspark.dataset.media;

import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Which bytes of a file came out as packets. Matroska, WebM and Ogg are read on behind damage as if
 * nothing had been there; stretches of such a file that belong to no packet tell of it.
 */
final class PassedBytes {

  /** Those whose packets lie one behind the other. */
  private static final Set<String> SEQUENTIAL = Set.of("matroska,webm", "ogg");

  /** Headers and indices between packets and behind them are shorter, or a smaller share. */
  private static final int SHORT = 4096;

  private static final double SHARE = 0.05;
  private static final double SHARE_AT_THE_END = 0.1;

  private final long length;
  private long place;
  private long end;
  private long skipped;

  /**
   * @param length of the file
   */
  PassedBytes(long length) {
    this.length = length;
  }

  /** The next packet of any stream. Packets of one page or block of a file share its place. */
  void add(AVPacket packet) {
    long at = packet.pos();
    if (at < 0) {
      return;
    }
    if (at != place) {
      skipped += end > 0 && isLong(at - end, SHARE) ? at - end : 0;
      place = at;
      end = Math.max(end, at);
    }
    end += packet.size();
  }

  private boolean isLong(long stretch, double share) {
    return stretch > SHORT && stretch > share * length;
  }

  /**
   * The share of the file that was lost.
   *
   * @param container by FFmpeg's name
   * @param error whether reading ended with one, and not at the end of the file
   */
  double lost(String container, boolean error) {
    if (length == 0) {
      return 0;
    }
    if (error) {
      return Math.max(0, 1 - (double) end / length);
    }
    long tail = isLong(length - end, SHARE_AT_THE_END) ? length - end : 0;
    return SEQUENTIAL.contains(container) ? (double) (skipped + tail) / length : 0;
  }
}
