package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_JPEG2000;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_WEBP;
import static org.bytedeco.ffmpeg.global.avcodec.av_new_packet;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;

import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Orientation;
import io.github.lsgspark.dataset.modality.StillStart;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
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
      if (ContainerEnd.isMissing(file)) {
        throw new UnreadableSampleException(
            Reason.TRUNCATED, "the file is shorter than its container says");
      }
      try (HeifFile container = new HeifFile(file, maxPixels)) {
        AVPacket packet = av_packet_alloc();
        try {
          container.read(packet);
          return decode(packet, container.parameters(), maxPixels, start.kind());
        } finally {
          av_packet_free(packet);
        }
      }
    }
    boolean webp = start.kind() == StillStart.Kind.WEBP;
    AVPacket packet = av_packet_alloc();
    try (AVCodecParameters parameters = new AVCodecParameters()) {
      if (av_new_packet(packet, file.length) < 0) {
        throw new UnreadableSampleException(Reason.TOO_MANY_BYTES, file.length + " bytes");
      }
      packet.data().put(file, 0, file.length);
      parameters.codec_id(webp ? AV_CODEC_ID_WEBP : AV_CODEC_ID_JPEG2000);
      return decode(packet, parameters, maxPixels, start.kind());
    } finally {
      av_packet_free(packet);
    }
  }

  private static DecodedImage decode(
      AVPacket packet, AVCodecParameters parameters, long maxPixels, StillStart.Kind kind)
      throws UnreadableSampleException {
    AVCodec codec = avcodec_find_decoder(parameters.codec_id());
    AVCodecContext decoder = avcodec_alloc_context3(codec);
    AVFrame frame = av_frame_alloc();
    try {
      if (parameters.extradata_size() > 0) {
        check(avcodec_parameters_to_context(decoder, parameters));
      }
      decoder.thread_count(1);
      decoder.max_pixels(maxPixels);
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
      DecodedImage image = StillConverter.rgb(frame, kind == StillStart.Kind.JPEG_2000);
      // A frame of another kind may have EXIF's orientation, which is the caller's.
      return kind == StillStart.Kind.AVIF
          ? Orientation.apply(image, FrameOrientation.of(frame))
          : image;
    } finally {
      av_frame_free(frame);
      avcodec_free_context(decoder);
    }
  }

  private static void check(int code) throws UnreadableSampleException {
    if (code < 0) {
      throw new UnreadableSampleException(Reason.DAMAGED, NativeMedia.message(code));
    }
  }
}
