package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.FF_COMPLIANCE_EXPERIMENTAL;
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
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert_frame;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;

/** Encodes sounds by FFmpeg's library. */
public final class SoundWriter {
  private static final int FRAME = 1024;

  private final AVFormatContext format = new AVFormatContext(null);
  private final AVPacket packet = av_packet_alloc();
  private AVCodecContext encoder;
  private AVStream stream;

  private SoundWriter() {}

  /**
   * A sound file.
   *
   * @param ending of its name, which decides the container
   * @param codec FFmpeg's name of an encoder
   * @param options of the container
   */
  public static byte[] encoded(
      String ending, String codec, Map<String, String> options, int rate, float[]... channels)
      throws IOException {
    NativeMedia.load();
    Path file = Files.createTempFile("sound", "." + ending);
    try {
      new SoundWriter().write(file.toString(), codec, options, rate, channels);
      return Files.readAllBytes(file);
    } finally {
      Files.delete(file);
    }
  }

  private void write(
      String path, String codecName, Map<String, String> options, int rate, float[]... channels) {
    check(avformat_alloc_output_context2(format, (AVOutputFormat) null, null, path));
    AVCodec codec = avcodec_find_encoder_by_name(codecName);
    if (codec == null || codec.isNull()) {
      throw new IllegalStateException("no encoder " + codecName);
    }
    encoder = avcodec_alloc_context3(codec);
    av_channel_layout_default(encoder.ch_layout(), channels.length);
    encoder.sample_rate(rate).sample_fmt(codec.sample_fmts().get()).bit_rate(128_000);
    encoder.time_base().num(1).den(rate);
    encoder.strict_std_compliance(FF_COMPLIANCE_EXPERIMENTAL);
    if ((format.oformat().flags() & AVFMT_GLOBALHEADER) != 0) {
      encoder.flags(encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
    }
    check(avcodec_open2(encoder, codec, (PointerPointer<?>) null));
    stream = avformat_new_stream(format, null);
    stream.time_base(encoder.time_base());
    check(avcodec_parameters_from_context(stream.codecpar(), encoder));
    AVIOContext out = new AVIOContext(null);
    check(avio_open(out, path, AVIO_FLAG_WRITE));
    format.pb(out);
    AVDictionary dictionary = new AVDictionary(null);
    options.forEach((key, value) -> av_dict_set(dictionary, key, value, 0));
    check(avformat_write_header(format, dictionary));
    av_dict_free(dictionary);
    int step = encoder.frame_size() > 0 ? encoder.frame_size() : FRAME;
    for (int at = 0; at < channels[0].length; at += step) {
      send(at, Math.min(step, channels[0].length - at), rate, channels);
    }
    encode(null);
    check(av_write_trailer(format));
    avio_closep(out);
    av_packet_free(packet);
    avcodec_free_context(encoder);
    avformat_free_context(format);
  }

  private void send(int at, int count, int rate, float[]... channels) {
    AVFrame floats = frame(AV_SAMPLE_FMT_FLTP, count, rate);
    for (int c = 0; c < channels.length; c++) {
      new FloatPointer(floats.extended_data().get(c)).put(channels[c], at, count);
    }
    AVFrame own = frame(encoder.sample_fmt(), count, rate);
    SwrContext converter = new SwrContext();
    check(
        swr_alloc_set_opts2(
            converter,
            encoder.ch_layout(),
            encoder.sample_fmt(),
            rate,
            encoder.ch_layout(),
            AV_SAMPLE_FMT_FLTP,
            rate,
            0,
            null));
    check(swr_convert_frame(converter, own, floats));
    swr_free(converter);
    own.pts(at);
    encode(own);
    av_frame_free(own);
    av_frame_free(floats);
  }

  private AVFrame frame(int sampleFormat, int count, int rate) {
    AVFrame frame = av_frame_alloc();
    frame.format(sampleFormat).nb_samples(count).sample_rate(rate);
    av_channel_layout_default(frame.ch_layout(), encoder.ch_layout().nb_channels());
    check(av_frame_get_buffer(frame, 0));
    return frame;
  }

  /**
   * @param frame null: there are no more
   */
  private void encode(AVFrame frame) {
    check(avcodec_send_frame(encoder, frame));
    while (avcodec_receive_packet(encoder, packet) >= 0) {
      av_packet_rescale_ts(packet, encoder.time_base(), stream.time_base());
      packet.stream_index(stream.index());
      check(av_interleaved_write_frame(format, packet));
    }
  }

  private static void check(int code) {
    if (code < 0) {
      throw new IllegalStateException(NativeMedia.message(code));
    }
  }
}
