package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_side_data;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVFrameSideData;
import org.bytedeco.javacpp.IntPointer;

/**
 * How a frame is to be turned and mirrored before it is shown, as the display matrix says that the
 * decoder gives with it: that of the stream, or one that the frame has itself.
 */
final class FrameOrientation {
  private static final int UPRIGHT = 1;

  private FrameOrientation() {}

  /** Whether width and height change places. */
  static boolean isLying(int orientation) {
    return orientation >= 5;
  }

  /** EXIF's number of the orientation, 1 to 8. */
  static int of(AVFrame frame) {
    AVFrameSideData data = av_frame_get_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
    if (data == null || data.isNull() || data.size() < 9 * Integer.BYTES) {
      return UPRIGHT;
    }
    IntPointer matrix = new IntPointer(data.data());
    return of(matrix.get(0), matrix.get(1), matrix.get(3), matrix.get(4));
  }

  /**
   * Of a matrix by which a pixel at (x, y) is shown at (a·x + c·y, b·x + d·y); angles between are
   * taken for the nearest quarter of a circle.
   */
  static int of(int a, int b, int c, int d) {
    boolean swapped =
        Math.abs((long) b) + Math.abs((long) c) > Math.abs((long) a) + Math.abs((long) d);
    if (swapped) {
      return c < 0 ? (b < 0 ? 7 : 6) : (b < 0 ? 8 : 5);
    }
    return a < 0 ? (d < 0 ? 3 : 2) : (d < 0 ? 4 : UPRIGHT);
  }
}
