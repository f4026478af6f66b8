package io.github.lsgspark.dataset.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_GLOBALHEADER;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_d2q;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_parse_string;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_get_pix_fmt;
import static org.bytedeco.ffmpeg.global.avutil.av_inv_q;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_getContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.ffmpeg.swscale.SwsFilter;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerPointer;

/** Files of many kinds, made by FFmpeg's encoders or by hand. */
public final class VideoFiles {
  private VideoFiles() {}

  /**
   * How a file is made.
   *
   * @param container FFmpeg's name of the format
   * @param codec FFmpeg's name of the encoder
   * @param pixels FFmpeg's name of the encoder's pixel format
   * @param rate ticks per second
   * @param ticks when each frame is shown
   * @param matrix how colours are coded, by the number in ITU-T H.273; 2: not said
   * @param options of the container, key=value
   */
  public record Recipe(
      String container,
      String codec,
      String pixels,
      double rate,
      IntToLongFunction ticks,
      int matrix,
      String options) {

    public static Recipe of(String container, String codec, double rate) {
      String pixels =
          switch (codec) {
            case "mjpeg" -> "yuvj420p";
            case "gif" -> "rgb8";
            default -> "yuv420p";
          };
      return new Recipe(container, codec, pixels, rate, i -> i, 2, "");
    }

    public Recipe at(IntToLongFunction times) {
      return new Recipe(container, codec, pixels, rate, times, matrix, options);
    }

    public Recipe coded(String format, int by) {
      return new Recipe(container, codec, format, rate, ticks, by, options);
    }

    public Recipe with(String said) {
      return new Recipe(container, codec, pixels, rate, ticks, matrix, said);
    }

    /** The file of some frames. */
    public byte[] encode(List<DecodedImage> frames) throws IOException {
      NativeMedia.load();
      Path path = Files.createTempFile("video", "." + container);
      try {
        new Encoding(this, frames.get(0), path).write(frames);
        return Files.readAllBytes(path);
      } finally {
        Files.delete(path);
      }
    }
  }

  private static final class Encoding {
    private final Recipe recipe;
    private final AVFormatContext format = new AVFormatContext(null);
    private final AVCodecContext encoder;
    private final AVStream stream;
    private final AVFrame rgb;
    private final AVFrame coded;
    private final SwsContext converter;
    private final AVPacket packet = av_packet_alloc();

    Encoding(Recipe recipe, DecodedImage first, Path path) {
      this.recipe = recipe;
      int width = first.width();
      int height = first.height();
      int pixels = av_get_pix_fmt(recipe.pixels());
      check(
          avformat_alloc_output_context2(format, (AVOutputFormat) null, recipe.container(), null));
      AVCodec codec = avcodec_find_encoder_by_name(recipe.codec());
      assertThat(codec).as(recipe.codec()).isNotNull();
      encoder = avcodec_alloc_context3(codec).width(width).height(height).pix_fmt(pixels);
      encoder.framerate(av_d2q(recipe.rate(), 1001));
      encoder.time_base(av_inv_q(encoder.framerate())).thread_count(1).bit_rate(2_000_000);
      encoder.colorspace(recipe.matrix());
      if ((format.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
        encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
      }
      check(avcodec_open2(encoder, codec, (PointerPointer<?>) null));
      stream = avformat_new_stream(format, null).time_base(encoder.time_base());
      check(avcodec_parameters_from_context(stream.codecpar(), encoder));
      AVIOContext output = new AVIOContext(null);
      check(avio_open(output, path.toString(), AVIO_FLAG_WRITE));
      format.pb(output);
      AVDictionary options = new AVDictionary(null);
      check(av_dict_parse_string(options, recipe.options(), "=", ":", 0));
      check(avformat_write_header(format, options));
      av_dict_free(options);
      rgb = av_frame_alloc().width(width).height(height).format(AV_PIX_FMT_RGB24);
      coded = av_frame_alloc().width(width).height(height).format(pixels);
      check(av_frame_get_buffer(rgb, 0));
      check(av_frame_get_buffer(coded, 0));
      converter =
          sws_getContext(
              width,
              height,
              AV_PIX_FMT_RGB24,
              width,
              height,
              pixels,
              SWS_BICUBIC,
              (SwsFilter) null,
              (SwsFilter) null,
              (DoublePointer) null);
      if (recipe.matrix() != 2) {
        sws_setColorspaceDetails(
            converter,
            sws_getCoefficients(recipe.matrix()),
            1,
            sws_getCoefficients(recipe.matrix()),
            0,
            0,
            1 << 16,
            1 << 16);
      }
    }

    void write(List<DecodedImage> frames) {
      for (int i = 0; i < frames.size(); i++) {
        DecodedImage frame = frames.get(i);
        for (int y = 0; y < frame.height(); y++) {
          rgb.data(0)
              .position((long) y * rgb.linesize(0))
              .put(frame.rgb(), 3 * y * frame.width(), 3 * frame.width());
        }
        check(av_frame_make_writable(coded));
        check(sws_scale_frame(converter, coded, rgb));
        coded.pts(recipe.ticks().applyAsLong(i));
        encode(coded);
      }
      encode(null);
      check(av_write_trailer(format));
      avio_closep(format.pb());
      format.pb(null);
      avformat_free_context(format);
      avcodec_free_context(encoder);
      av_frame_free(rgb);
      av_frame_free(coded);
      av_packet_free(packet);
      sws_freeContext(converter);
    }

    private void encode(AVFrame frame) {
      check(avcodec_send_frame(encoder, frame));
      while (avcodec_receive_packet(encoder, packet) >= 0) {
        if (packet.duration() == 0) {
          packet.duration(1);
        }
        av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
        packet.stream_index(0);
        check(av_interleaved_write_frame(format, packet));
      }
    }

    private static void check(int code) {
      assertThat(code).as(code < 0 ? NativeMedia.message(code) : "").isNotNegative();
    }
  }

  /** Grey frames one after the other, without an index. */
  public static byte[] yuv4mpeg(List<DecodedImage> frames, int rate) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DecodedImage first = frames.get(0);
    out.writeBytes(yuv4mpegHeader(first.width(), first.height(), rate));
    for (DecodedImage frame : frames) {
      out.writeBytes("FRAME\n".getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < frame.rgb().length; i += 3) {
        out.write(frame.rgb()[i]);
      }
    }
    return out.toByteArray();
  }

  /** The beginning of such a file. */
  public static byte[] yuv4mpegHeader(int width, int height, int rate) {
    return "YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 Cmono\n"
        .formatted(width, height, rate)
        .getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * An MP4 file that is to be shown turned to the right.
   *
   * @param quarters of a circle
   */
  public static byte[] turned(byte[] mp4, int quarters) {
    int one = 1 << 16;
    int[][] turns = {{one, 0, 0, one}, {0, one, -one, 0}, {-one, 0, 0, -one}, {0, -one, one, 0}};
    int[] turn = turns[quarters];
    byte[] file = mp4.clone();
    int box = new String(file, StandardCharsets.ISO_8859_1).indexOf("tkhd");
    // ISO 14496-12, 8.3.2: the matrix a b u c d v x y w of a version 0 header
    ByteBuffer matrix = ByteBuffer.wrap(file, box + 44, 36);
    matrix.putInt(turn[0]).putInt(turn[1]).putInt(0).putInt(turn[2]).putInt(turn[3]);
    return file;
  }

  /** A second of silence. */
  public static byte[] wav() {
    ByteBuffer file = ByteBuffer.allocate(44 + 8000).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(36 + 8000);
    file.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    file.putShort((short) 1).putShort((short) 1).putInt(8000).putInt(8000);
    file.putShort((short) 1).putShort((short) 8);
    file.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(8000);
    return file.array();
  }

  /** A FLAC file with a picture on its cover. */
  public static byte[] flac(byte[] png) {
    ByteBuffer file = ByteBuffer.allocate(4 + 4 + 34 + 4 + 32 + 9 + png.length + 64);
    file.put("fLaC".getBytes(StandardCharsets.US_ASCII)).putInt(34);
    file.putShort((short) 4096).putShort((short) 4096).putInt(0).putShort((short) 0);
    file.putLong(8000L << 44 | 7L << 36 | 8000).put(new byte[16]);
    file.putInt(0x86000000 | 32 + 9 + png.length).putInt(3).putInt(9);
    file.put("image/png".getBytes(StandardCharsets.US_ASCII)).putInt(0);
    file.putInt(16).putInt(16).putInt(24).putInt(0).putInt(png.length).put(png);
    return file.array();
  }
}
