package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_TIME_BASE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.github.lsgspark.dataset.modality.FileFormat;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.PointerPointer;

/**
 * A sound or video file in memory, and the decoder of one of its streams. What it is, its first
 * bytes say, not its name. Only formats that hold their content themselves are opened: FFmpeg also
 * knows playlists, which would have it read other files and addresses. For one thread.
 */
final class MediaFile implements AutoCloseable {

  /** Container formats, by FFmpeg's names; each of them is all in one file. */
  private static final String FORMATS =
      "wav,w64,aiff,au,caf,flac,mp3,ogg,aac,ac3,amr,asf,avi,flv,matroska,webm,"
          + "mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,h264,hevc,ivf,nut,y4m,yuv4mpegpipe,gif";

  /** Damaged packets that a file may have, as a share of all. */
  private static final double DAMAGED_SHARE = 0.05;

  /** The kinds of streams. */
  enum Track {
    SOUND(AVMEDIA_TYPE_AUDIO, "sound"),
    PICTURES(AVMEDIA_TYPE_VIDEO, "pictures");

    private final int type;
    private final String name;

    Track(int type, String name) {
      this.type = type;
      this.name = name;
    }
  }

  /** Takes decoded frames. */
  interface Sink {

    /**
     * @param frame valid during the call
     * @return whether to go on
     */
    boolean take(AVFrame frame) throws UnreadableSampleException;
  }

  private final MemoryInput input;
  private final HardwareDecoder hardware;
  private AVFormatContext format;
  private AVCodecContext decoder;
  private AVStream stream;

  /**
   * In the numbers of a WAV file FFmpeg looks for other codecs, with every packet in all packets up
   * to it: four times as much work as decoding five seconds. So many are enough to find one.
   */
  private static final String WAV_PROBES = "4";

  private MediaFile(byte[] content, HardwareDecoder hardware) {
    input = new MemoryInput(content);
    this.hardware = hardware;
  }

  /**
   * Opens a file and the decoder of its best stream of a kind.
   *
   * @throws UnreadableSampleException if it is no such file, has no such stream, or one that cannot
   *     be decoded
   */
  static MediaFile open(byte[] content, Track track) throws UnreadableSampleException {
    return open(content, track, Long.MAX_VALUE, null);
  }

  /**
   * The same with a limit on pictures.
   *
   * @param maxPixels a stream of larger pictures is refused before one is decoded
   * @param hardware what decodes pictures; null: the processor
   */
  static MediaFile open(byte[] content, Track track, long maxPixels, HardwareDecoder hardware)
      throws UnreadableSampleException {
    NativeMedia.load();
    if (content.length == 0) {
      throw new UnreadableSampleException(Reason.EMPTY_FILE, "the file has no bytes");
    }
    Optional<FileFormat> other = FileFormat.notOpenedAsMedia(content);
    if (other.isPresent()) {
      throw UnreadableSampleException.of(
          other.get(),
          Reason.NOT_MEDIA,
          "it is none of the formats of sounds and films that are opened");
    }
    MediaFile file = new MediaFile(content, hardware);
    try {
      file.open(WavHeader.is(content), track, maxPixels);
      return file;
    } catch (UnreadableSampleException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void open(boolean wav, Track track, long maxPixels) throws UnreadableSampleException {
    format = avformat_alloc_context();
    format.pb(input.context());
    AVDictionary options = new AVDictionary();
    try {
      av_dict_set(options, "format_whitelist", FORMATS, 0);
      av_dict_set(options, "protocol_whitelist", "none", 0);
      if (wav) {
        av_dict_set(options, "max_probe_packets", WAV_PROBES, 0);
      }
      int code = avformat_open_input(format, (String) null, (AVInputFormat) null, options);
      if (code < 0) {
        format = null; // FFmpeg has freed it
        throw new UnreadableSampleException(
            Reason.NOT_MEDIA, "no sound or video that can be opened: " + NativeMedia.message(code));
      }
    } finally {
      av_dict_free(options);
    }
    // Most containers say sizes here already; the search for what they do not say decodes pictures.
    requirePixels(maxPixels);
    check(avformat_find_stream_info(format, (PointerPointer<?>) null), Reason.DAMAGED);
    requirePixels(maxPixels);
    int number = av_find_best_stream(format, track.type, -1, -1, (AVCodec) null, 0);
    if (number < 0) {
      throw new UnreadableSampleException(Reason.NO_STREAM, "the file has no " + track.name);
    }
    stream = format.streams(number);
    int id = stream.codecpar().codec_id();
    AVCodec codec = hardware == null ? avcodec_find_decoder(id) : hardware.codec(id);
    if (codec == null || codec.isNull()) {
      throw new UnreadableSampleException(
          Reason.NOT_MEDIA,
          (hardware == null ? "no decoder for " : hardware + " does not decode ")
              + avcodec_get_name(id).getString());
    }
    decoder = avcodec_alloc_context3(codec);
    check(avcodec_parameters_to_context(decoder, stream.codecpar()), Reason.DAMAGED);
    decoder.pkt_timebase(stream.time_base());
    decoder.thread_count(1);
    decoder.max_pixels(maxPixels);
    if (hardware != null) {
      hardware.prepare(decoder);
    }
    check(avcodec_open2(decoder, codec, (PointerPointer<?>) null), Reason.DAMAGED);
  }

  private void requirePixels(long maxPixels) throws UnreadableSampleException {
    for (int i = 0; i < format.nb_streams(); i++) {
      AVCodecParameters parameters = format.streams(i).codecpar();
      if ((long) parameters.width() * parameters.height() > maxPixels) {
        throw new UnreadableSampleException(
            Reason.TOO_MANY_PIXELS,
            "%d x %d pixels, at most %d are allowed"
                .formatted(parameters.width(), parameters.height(), maxPixels));
      }
    }
  }

  private static void check(int code, Reason reason) throws UnreadableSampleException {
    if (code < 0) {
      throw new UnreadableSampleException(reason, NativeMedia.message(code));
    }
  }

  AVStream stream() {
    return stream;
  }

  AVCodecContext decoder() {
    return decoder;
  }

  /** What the container says that the stream lasts, in seconds; 0 if it does not say. */
  double statedSeconds() {
    if (format.duration_estimation_method() == AVFMT_DURATION_FROM_BITRATE) {
      return 0; // FFmpeg's guess
    }
    if (stream.duration() > 0) {
      return stream.duration() * (double) stream.time_base().num() / stream.time_base().den();
    }
    return Math.max(0, (double) format.duration() / AV_TIME_BASE);
  }

  /**
   * What the container says that the stream lasts, where it can be relied upon: not if FFmpeg had
   * to guess from the bit rate (MP3 without a frame count), nor if another stream of the file may
   * be meant. 0 if it does not say.
   */
  double reliableSeconds() {
    int streams = 0;
    for (int i = 0; i < format.nb_streams(); i++) {
      boolean cover = (format.streams(i).disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
      streams += cover ? 0 : 1;
    }
    boolean guessed = format.duration_estimation_method() == AVFMT_DURATION_FROM_BITRATE;
    return guessed || streams > 1 ? 0 : statedSeconds();
  }

  /**
   * Decodes the stream from its beginning, until its end or until the sink has enough.
   *
   * @return frames decoded
   * @throws UnreadableSampleException if more than a twentieth of the packets are damaged, or what
   *     the sink throws
   */
  long decode(Sink sink) throws UnreadableSampleException {
    AVPacket packet = av_packet_alloc();
    AVFrame frame = av_frame_alloc();
    try {
      return decode(sink, packet, frame);
    } finally {
      av_packet_free(packet);
      av_frame_free(frame);
    }
  }

  private long decode(Sink sink, AVPacket packet, AVFrame frame) throws UnreadableSampleException {
    Pass pass = new Pass(sink, frame);
    int code;
    while (pass.wanted && (code = av_read_frame(format, packet)) != AVERROR_EOF) {
      if (code < 0) {
        pass.damaged++;
        break;
      }
      try {
        if (packet.stream_index() == stream.index()) {
          pass.give(packet);
        }
      } finally {
        av_packet_unref(packet);
      }
    }
    if (pass.wanted) {
      pass.give(null);
    }
    if (pass.damaged > DAMAGED_SHARE * pass.packets) {
      throw new UnreadableSampleException(
          Reason.DAMAGED,
          pass.damaged + " of " + pass.packets + " packets of the stream cannot be decoded");
    }
    return pass.frames;
  }

  /** One way through the stream. */
  private final class Pass {
    private final Sink sink;
    private final AVFrame frame;
    private long packets;
    private long damaged;
    private long frames;
    private boolean wanted = true;

    Pass(Sink sink, AVFrame frame) {
      this.sink = sink;
      this.frame = frame;
    }

    /**
     * @param packet null: the stream is at its end
     */
    private void give(AVPacket packet) throws UnreadableSampleException {
      int code = avcodec_send_packet(decoder, packet);
      packets += packet == null ? 0 : 1;
      if (code < 0 && code != AVERROR_EAGAIN() && code != AVERROR_EOF) {
        damaged++;
        return;
      }
      while (wanted) {
        code = avcodec_receive_frame(decoder, frame);
        if (code == AVERROR_EAGAIN() || code == AVERROR_EOF) {
          return;
        }
        if (code < 0) {
          damaged += code == AVERROR_INVALIDDATA ? 1 : 0;
          return;
        }
        try {
          frames++;
          damaged += frame.decode_error_flags() == 0 ? 0 : 1;
          wanted = sink.take(hardware == null ? frame : hardware.fetched(frame));
        } finally {
          av_frame_unref(frame);
        }
      }
    }
  }

  @Override
  public void close() {
    if (decoder != null) {
      avcodec_free_context(decoder);
    }
    if (format != null) {
      avformat_close_input(format);
    }
    input.close();
  }
}
