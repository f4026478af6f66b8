package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_AV1;
import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_DEFAULT;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;

/** An AVIF file in memory: its primary picture. For one thread. */
final class HeifFile implements AutoCloseable {
  private final MemoryInput input;
  private AVFormatContext format;
  private AVStream stream;

  HeifFile(byte[] content, long maxPixels) throws UnreadableSampleException {
    input = new MemoryInput(content);
    try {
      open(maxPixels);
    } catch (UnreadableSampleException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void open(long maxPixels) throws UnreadableSampleException {
    format = avformat_alloc_context();
    format.pb(input.context());
    AVDictionary options = new AVDictionary();
    try {
      av_dict_set(options, "format_whitelist", "mov,mp4,m4a,3gp,3g2,mj2", 0);
      av_dict_set(options, "protocol_whitelist", "none", 0);
      int code = avformat_open_input(format, (String) null, (AVInputFormat) null, options);
      if (code < 0) {
        format = null; // FFmpeg has freed it
        throw new UnreadableSampleException(Reason.DAMAGED, NativeMedia.message(code));
      }
    } finally {
      av_dict_free(options);
    }
    if (format.nb_stream_groups() > 0) {
      throw new UnreadableSampleException(
          Reason.UNSUPPORTED_FORMAT, "is an AVIF picture in tiles (a grid); whole ones are opened");
    }
    for (int i = format.nb_streams() - 1; i >= 0; i--) {
      AVStream item = format.streams(i);
      boolean primary = (item.disposition() & AV_DISPOSITION_DEFAULT) != 0;
      stream = stream == null || primary || i == 0 && !isPrimary(stream) ? item : stream;
    }
    if (stream == null || stream.codecpar().codec_id() != AV_CODEC_ID_AV1) {
      throw new UnreadableSampleException(Reason.DAMAGED, "the file has no AV1 picture");
    }
    long pixels = (long) parameters().width() * parameters().height();
    if (pixels > maxPixels) {
      throw new UnreadableSampleException(
          Reason.TOO_MANY_PIXELS,
          "%d x %d pixels, at most %d are allowed"
              .formatted(parameters().width(), parameters().height(), maxPixels));
    }
  }

  private static boolean isPrimary(AVStream item) {
    return (item.disposition() & AV_DISPOSITION_DEFAULT) != 0;
  }

  AVCodecParameters parameters() {
    return stream.codecpar();
  }

  /** Reads the primary picture, as it is coded. */
  void read(AVPacket packet) throws UnreadableSampleException {
    while (av_read_frame(format, packet) >= 0) {
      if (packet.stream_index() == stream.index()) {
        if ((packet.flags() & AV_PKT_FLAG_CORRUPT) != 0) {
          break;
        }
        return;
      }
      av_packet_unref(packet);
    }
    throw new UnreadableSampleException(Reason.TRUNCATED, "the picture's data is not all there");
  }

  @Override
  public void close() {
    if (format != null) {
      avformat_close_input(format);
    }
    input.close();
  }
}
