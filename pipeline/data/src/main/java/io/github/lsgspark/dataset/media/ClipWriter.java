package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_BITEXACT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_QSCALE;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_MPEG4;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_close_dyn_buf;
import static org.bytedeco.ffmpeg.global.avformat.avio_open_dyn_buf;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.FF_QP2LAMBDA;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.Iterator;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Writes frames as an MP4 file in memory: MPEG-4 part 2, 4:2:0, at a fixed quality, without sound.
 * Equal frames give equal bytes, on every processor. One object writes one file, in one thread.
 */
public final class ClipWriter implements AutoCloseable {

  /** Quantiser of all frames, 1 to 31; artefacts cannot be seen at 2. */
  private static final int QUANTISER = 2;

  /** Fractions as 30000/1001 are exact. */
  private static final int LARGEST_DENOMINATOR = 1001;

  private final int width;
  private final int height;
  private final AVPacket packet = av_packet_alloc();
  private final AVFormatContext format = new AVFormatContext(null);
  private AVCodecContext encoder;
  private AVStream stream;
  private AVFrame rgb;
  private AVFrame yuv;
  private SwsContext converter;
  private long written;

  private ClipWriter(int width, int height, double frameRate) {
    this.width = width;
    this.height = height;
    try {
      open(frameRate);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * The file of some frames.
   *
   * @param frames at least one; all of one size
   * @param frameRate frames per second
   * @throws IllegalArgumentException if there is no frame or sizes differ
   * @throws IllegalStateException if FFmpeg cannot write such frames
   */
  public static byte[] mp4(Iterable<DecodedImage> frames, double frameRate) {
    Iterator<DecodedImage> each = frames.iterator();
    if (!each.hasNext()) {
      throw new IllegalArgumentException("a video needs at least one frame");
    }
    NativeMedia.load();
    DecodedImage frame = each.next();
    try (ClipWriter writer = new ClipWriter(frame.width(), frame.height(), frameRate)) {
      writer.add(frame);
      while (each.hasNext()) {
        writer.add(each.next());
      }
      return writer.finish();
    }
  }

  private void open(double frameRate) {
    check(
        avformat_alloc_output_context2(format, (AVOutputFormat) null, "mp4", null),
        "open an MP4 file");
    format.flags(format.flags() | AVFormatContext.AVFMT_FLAG_BITEXACT);
    AVCodec codec = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    encoder = avcodec_alloc_context3(codec);
    AVRational rate = av_d2q(frameRate, LARGEST_DENOMINATOR);
    encoder.width(width).height(height).pix_fmt(AV_PIX_FMT_YUV420P);
    encoder.framerate(rate).time_base(av_inv_q(rate)).thread_count(1);
    encoder.flags(
        encoder.flags()
            | AV_CODEC_FLAG_BITEXACT
            | AV_CODEC_FLAG_QSCALE
            | AV_CODEC_FLAG_GLOBAL_HEADER);
    encoder.global_quality(QUANTISER * FF_QP2LAMBDA);
    check(
        avcodec_open2(encoder, codec, (PointerPointer<?>) null),
        "encode " + width + " x " + height + " pixels at " + frameRate + " frames per second");
    stream = avformat_new_stream(format, null);
    stream.time_base(encoder.time_base()).avg_frame_rate(rate);
    check(avcodec_parameters_from_context(stream.codecpar(), encoder), "describe the video");
    AVIOContext memory = new AVIOContext(null);
    check(avio_open_dyn_buf(memory), "write to memory");
    format.pb(memory);
    check(avformat_write_header(format, (AVDictionary) null), "write the header");
    rgb = frame(AV_PIX_FMT_RGB24);
    yuv = frame(AV_PIX_FMT_YUV420P);
    converter =
        sws_getContext(
            width,
            height,
            AV_PIX_FMT_RGB24,
            width,
            height,
            AV_PIX_FMT_YUV420P,
            SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT,
            (SwsFilter) null,
            (SwsFilter) null,
            (DoublePointer) null);
  }

  private AVFrame frame(int pixelFormat) {
    AVFrame frame = av_frame_alloc().width(width).height(height).format(pixelFormat);
    check(av_frame_get_buffer(frame, 0), "hold a frame");
    return frame;
  }

  private void add(DecodedImage image) {
    if (image.width() != width || image.height() != height) {
      throw new IllegalArgumentException(
          "frame "
              + written
              + " has "
              + image.width()
              + " x "
              + image.height()
              + " pixels, the first had "
              + width
              + " x "
              + height);
    }
    BytePointer pixels = rgb.data(0);
    for (int y = 0; y < height; y++) {
      pixels.position((long) y * rgb.linesize(0)).put(image.rgb(), 3 * y * width, 3 * width);
    }
    check(av_frame_make_writable(yuv), "hold a frame");
    check(sws_scale_frame(converter, yuv, rgb), "convert a frame");
    yuv.pts(written++);
    encode(yuv);
  }

  /**
   * @param frame null: there are no more
   */
  private void encode(AVFrame frame) {
    check(avcodec_send_frame(encoder, frame), "encode a frame");
    int code;
    while ((code = avcodec_receive_packet(encoder, packet)) >= 0) {
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(format, packet), "write a frame");
    }
    if (code != AVERROR_EAGAIN() && code != AVERROR_EOF) {
      check(code, "encode a frame");
    }
  }

  private byte[] finish() {
    encode(null);
    check(av_write_trailer(format), "end the file");
    return content();
  }

  /** What was written so far; the memory is given back. */
  private byte[] content() {
    BytePointer buffer = new BytePointer((BytePointer) null);
    int length = avio_close_dyn_buf(format.pb(), buffer);
    format.pb(null);
    byte[] content = new byte[length];
    buffer.position(0).get(content);
    av_free(buffer);
    return content;
  }

  private static void check(int code, String what) {
    if (code < 0) {
      throw new IllegalStateException("FFmpeg cannot " + what + ": " + NativeMedia.message(code));
    }
  }

  @Override
  public void close() {
    sws_freeContext(converter);
    av_frame_free(rgb);
    av_frame_free(yuv);
    av_packet_free(packet);
    if (encoder != null) {
      avcodec_free_context(encoder);
    }
    if (!format.isNull()) {
      if (format.pb() != null && !format.pb().isNull()) {
        content();
      }
      avformat_free_context(format);
    }
  }
}
