package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_decoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_get_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_to_context;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_DURATION_FROM_BITRATE;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_AUDIO;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import io.github.lsgspark.dataset.modality.FileFormat;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
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
      "wav,w64,aiff,au,caf,flac,mp3,ogg,aac,ac3,eac3,amr,asf,avi,flv,matroska,webm,"
          + "mov,mp4,m4a,3gp,3g2,mj2,mpeg,mpegts,mpegvideo,h264,hevc,ivf,nut,y4m,yuv4mpegpipe,gif";

  /** Those of which nothing but the header tells that a file was cut off. */
  private static final Set<String> STATING = Set.of("flac", "mp3", "asf");

  private static final double ROUNDING_SECONDS = 0.05;

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
     * Takes a frame.
     *
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
  private double firstSeconds = Double.NaN;
  private final PassedBytes passed;
  private boolean isUndamaged;

  /**
   * In the numbers of a WAV file FFmpeg looks for other codecs, with every packet in all packets up
   * to it: four times as much work as decoding five seconds. So many are enough to find one.
   */
  private static final String WAV_PROBES = "4";

  private MediaFile(byte[] content, HardwareDecoder hardware) {
    input = new MemoryInput(content);
    passed = new PassedBytes(content.length);
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
      file.open(WavFormat.is(content), track, maxPixels);
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
    StreamChoice.requirePixels(format, maxPixels);
    NativeMedia.check(avformat_find_stream_info(format, (PointerPointer<?>) null), Reason.DAMAGED);
    StreamChoice.requirePixels(format, maxPixels);
    stream = StreamChoice.best(format, track.type, track.name);
    openDecoder(maxPixels);
  }

  private void openDecoder(long maxPixels) throws UnreadableSampleException {
    int id = stream.codecpar().codec_id();
    AVCodec codec = hardware == null ? avcodec_find_decoder(id) : hardware.codec(id);
    if (codec == null || codec.isNull()) {
      throw new UnreadableSampleException(
          Reason.NOT_MEDIA,
          (hardware == null ? "no decoder for " : hardware + " does not decode ")
              + avcodec_get_name(id).getString());
    }
    decoder = avcodec_alloc_context3(codec);
    NativeMedia.check(avcodec_parameters_to_context(decoder, stream.codecpar()), Reason.DAMAGED);
    decoder.pkt_timebase(stream.time_base());
    decoder.thread_count(1);
    decoder.max_pixels(maxPixels);
    if (hardware != null) {
      hardware.prepare(decoder);
    }
    NativeMedia.check(avcodec_open2(decoder, codec, (PointerPointer<?>) null), Reason.DAMAGED);
  }

  AVStream stream() {
    return stream;
  }

  AVCodecContext decoder() {
    return decoder;
  }

  /** A clock for the frames of the stream. */
  FrameClock clock() {
    return new FrameClock(format, stream);
  }

  /**
   * What the header says that the stream lasts, in seconds, where it is the only sign of a file
   * that was cut off: of FLAC, MP3 with a count of frames, and ASF; known when the stream was
   * decoded. 0 if it does not say, or if the stream was cut from a longer one, whose header it
   * kept: then its clock does not begin at zero, or (FLAC) each of its packets is whole.
   */
  double statedSeconds() {
    String name = format.iformat().name().getString();
    boolean stated =
        STATING.contains(name)
            && format.duration_estimation_method() != AVFMT_DURATION_FROM_BITRATE
            && stream.duration() > 0;
    boolean cut = firstSeconds > ROUNDING_SECONDS || (name.equals("flac") && isUndamaged);
    return stated && !cut ? seconds(stream.duration()) : 0;
  }

  /**
   * Decodes the stream from its beginning, until its end or until the sink has enough.
   *
   * @throws UnreadableSampleException DAMAGED if too much of it is, or what the sink throws
   */
  void decode(Sink sink) throws UnreadableSampleException {
    AVPacket packet = av_packet_alloc();
    try (DecodingPass pass = new DecodingPass(decoder, stream.time_base(), hardware, sink)) {
      while (pass.isWanted() && next(packet, pass.damage())) {
        try {
          pass.give(packet);
        } finally {
          av_packet_unref(packet);
        }
      }
      pass.finish();
      isUndamaged = pass.damage().isNone();
      pass.damage().check();
    } finally {
      av_packet_free(packet);
    }
  }

  /**
   * How long the packets of the stream last by their own times; they are read, and not decoded, so
   * that the file must be opened again to be decoded.
   */
  double packetSeconds() {
    FrameClock clock = clock();
    AVPacket packet = av_packet_alloc();
    try {
      while (next(packet, new Damage())) {
        if ((packet.flags() & AV_PKT_FLAG_DISCARD) == 0) {
          clock.next(packet.dts() == AV_NOPTS_VALUE ? packet.pts() : packet.dts());
        }
        av_packet_unref(packet);
      }
      return clock.seconds();
    } finally {
      av_packet_free(packet);
    }
  }

  /** Reads the next packet of the stream; false at the end. */
  private boolean next(AVPacket packet, Damage damage) {
    int code;
    while ((code = av_read_frame(format, packet)) >= 0) {
      passed.add(packet);
      if (packet.stream_index() == stream.index()) {
        if (Double.isNaN(firstSeconds)) {
          firstSeconds = packet.pts() == AV_NOPTS_VALUE ? 0 : seconds(packet.pts());
        }
        return true;
      }
      av_packet_unref(packet);
    }
    String container = format.iformat().name().getString();
    damage.unread(passed.lost(container, code != AVERROR_EOF));
    return false;
  }

  private double seconds(long stamp) {
    return stamp * (double) stream.time_base().num() / stream.time_base().den();
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
