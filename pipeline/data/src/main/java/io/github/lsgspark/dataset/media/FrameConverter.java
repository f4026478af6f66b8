package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.FrameSize;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;

/**
 * Frames as FFmpeg decodes them to RGB bytes of a smaller size: bilinear with antialiasing, equal
 * on every processor; colours as the frame says that they are coded. For one thread.
 */
final class FrameConverter implements AutoCloseable {
  /** Brightness, contrast and saturation as they are, in 16-bit fractions. */
  private static final int ONE = 1 << 16;

  private final int shortSide;
  private AVFrame reduced;
  private SwsContext converter;
  private int pixelFormat;
  private int colours;
  private int range;

  FrameConverter(int shortSide) {
    this.shortSide = shortSide;
  }

  /**
   * @param frame of the same size as all before
   */
  DecodedImage convert(AVFrame frame) throws UnreadableSampleException {
    if (converter == null
        || frame.format() != pixelFormat
        || frame.colorspace() != colours
        || frame.color_range() != range) {
      open(frame);
    }
    int code = sws_scale_frame(converter, reduced, frame);
    if (code < 0) {
      throw new UnreadableSampleException(
          Reason.DAMAGED, "a frame cannot be converted: " + NativeMedia.message(code));
    }
    int width = reduced.width();
    int height = reduced.height();
    byte[] rgb = new byte[3 * width * height];
    BytePointer pixels = reduced.data(0);
    for (int y = 0; y < height; y++) {
      pixels.position((long) y * reduced.linesize(0)).get(rgb, 3 * y * width, 3 * width);
    }
    return new DecodedImage(width, height, rgb);
  }

  private void open(AVFrame frame) throws UnreadableSampleException {
    close();
    FrameSize size = FrameSize.reduced(frame.width(), frame.height(), shortSide);
    int width = size.width();
    int height = size.height();
    pixelFormat = frame.format();
    colours = frame.colorspace();
    range = frame.color_range();
    converter =
        sws_getContext(
            frame.width(),
            frame.height(),
            pixelFormat,
            width,
            height,
            AV_PIX_FMT_RGB24,
            SWS_BILINEAR | SWS_ACCURATE_RND | SWS_BITEXACT,
            (SwsFilter) null,
            (SwsFilter) null,
            (DoublePointer) null);
    reduced = av_frame_alloc().width(width).height(height).format(AV_PIX_FMT_RGB24);
    if (converter == null || converter.isNull() || av_frame_get_buffer(reduced, 0) < 0) {
      throw new UnreadableSampleException(
          Reason.DAMAGED, "pixels of format " + pixelFormat + " cannot be converted to RGB");
    }
    IntPointer matrix = sws_getCoefficients(frame.colorspace());
    int full = frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
    sws_setColorspaceDetails(converter, matrix, full, matrix, 1, 0, ONE, ONE);
  }

  @Override
  public void close() {
    sws_freeContext(converter);
    av_frame_free(reduced);
    converter = null;
    reduced = null;
  }
}
