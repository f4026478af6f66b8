package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_JPEG2000;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.StillStart;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decodes the pictures that Java does not and FFmpeg does: WebP, JPEG 2000, AVIF. Alpha is dropped.
 * Turned and mirrored as the container of an AVIF picture says; EXIF's orientation is left to the
 * caller. For several threads.
 */
public final class PictureDecoder {
  private PictureDecoder() {}

  /**
   * Decodes a whole file.
   *
   * @param start what its first bytes say
   * @param maxPixels a larger picture is refused before it is decoded
   */
  public static DecodedImage decode(byte[] file, StillStart start, long maxPixels)
      throws UnreadableSampleException {
    NativeMedia.load();
    start.requirePixels(maxPixels);
    if (!start.isWhole()) {
      throw new UnreadableSampleException(Reason.TRUNCATED, "the file is shorter than it says");
    }
    if (start.kind() == StillStart.Kind.AVIF) {
      AvifFile avif = AvifFile.open(file);
      new StillStart(start.kind(), avif.width(), avif.height(), true, false)
          .requirePixels(maxPixels);
      DecodedImage image =
          decode(
              avif.data(),
              AV_CODEC_ID_AV1,
              maxPixels,
              frame -> {
                if (avif.matrix() >= 0) {
                  frame.colorspace(avif.matrix());
                  frame.color_range(avif.isFullRange() ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
                }
              });
      return Orientation.apply(image, avif.orientation());
    }
    return start.kind() == StillStart.Kind.WEBP
        ? decode(file, AV_CODEC_ID_WEBP, maxPixels, frame -> {})
        : decode(
            file, AV_CODEC_ID_JPEG2000, maxPixels, frame -> frame.color_range(AVCOL_RANGE_JPEG));
  }

  /**
   * @param coded for the decoder
   * @param colours says of the decoded picture what its container does
   */
  private static DecodedImage decode(
      byte[] coded, int codecId, long maxPixels, Consumer<AVFrame> colours)
      throws UnreadableSampleException {
    AVCodec codec = avcodec_find_decoder(codecId);
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    try {
      decoder.thread_count(1);
      decoder.max_pixels(maxPixels);
      check(av_new_packet(packet, coded.length));
      packet.data().put(coded, 0, coded.length);
      check(avcodec_open2(decoder, codec, (PointerPointer<?>) null));
      check(avcodec_send_packet(decoder, packet));
      int code = avcodec_receive_frame(decoder, frame);
      if (code == AVERROR_EAGAIN()) {
        avcodec_send_packet(decoder, null);
        code = avcodec_receive_frame(decoder, frame);
      }
      check(code);
      if (frame.decode_error_flags() != 0) {
        throw new UnreadableSampleException(Reason.DAMAGED, "a part of it cannot be decoded");
      }
      colours.accept(frame);
      return StillConverter.rgb(frame);
    } finally {
      av_frame_free(frame);
      av_packet_free(packet);
      avcodec_free_context(decoder);
    }
  }

  private static void check(int code) throws UnreadableSampleException {
    if (code < 0) {
      throw new UnreadableSampleException(Reason.DAMAGED, NativeMedia.message(code));
    }
  }
}
