package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INP;
import static org.bytedeco.ffmpeg.global.swscale.SWS_FULL_CHR_H_INT;
import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_init_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;

/** A decoded picture to RGB bytes of its own size; colours that are coarser lie between pixels. */
final class StillConverter {
  /** Brightness, contrast and saturation as they are, in 16-bit fractions. */
  private static final int ONE = 1 << 16;

  private StillConverter() {}

  static DecodedImage rgb(AVFrame frame) throws UnreadableSampleException {
    int width = frame.width();
    int height = frame.height();
    SwsContext converter =
        sws_alloc_context()
            .src_w(width)
            .src_h(height)
            .src_format(frame.format())
            .dst_w(width)
            .dst_h(height)
            .dst_format(AV_PIX_FMT_RGB24)
            .flags(
                SWS_BILINEAR
                    | SWS_ACCURATE_RND
                    | SWS_BITEXACT
                    | SWS_FULL_CHR_H_INT
                    | SWS_FULL_CHR_H_INP);
    AVFrame rgb = av_frame_alloc().width(width).height(height).format(AV_PIX_FMT_RGB24);
    try {
      if (sws_init_context(converter, null, null) < 0 || av_frame_get_buffer(rgb, 0) < 0) {
        throw new UnreadableSampleException(
            Reason.DAMAGED, "pixels of format " + frame.format() + " cannot be converted to RGB");
      }
      IntPointer matrix = sws_getCoefficients(frame.colorspace());
      int full = frame.color_range() == AVCOL_RANGE_JPEG ? 1 : 0;
      sws_setColorspaceDetails(converter, matrix, full, matrix, 1, 0, ONE, ONE);
      int code = sws_scale_frame(converter, rgb, frame);
      if (code < 0) {
        throw new UnreadableSampleException(
            Reason.DAMAGED, "it cannot be converted: " + NativeMedia.message(code));
      }
      byte[] pixels = new byte[3 * width * height];
      BytePointer rows = rgb.data(0);
      for (int y = 0; y < height; y++) {
        rows.position((long) y * rgb.linesize(0)).get(pixels, 3 * y * width, 3 * width);
      }
      return new DecodedImage(width, height, pixels);
    } finally {
      sws_freeContext(converter);
      av_frame_free(rgb);
    }
  }
}
