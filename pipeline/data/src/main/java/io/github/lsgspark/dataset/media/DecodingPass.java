package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avcodec.av_get_exact_bits_per_sample;
import static org.bytedeco.ffmpeg.global.avcodec.av_shrink_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_INVALIDDATA;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** One way through a stream: packets in, frames out. For one thread. */
final class DecodingPass implements AutoCloseable {
  private final AVCodecContext decoder;
  private final double unit;
  private final HardwareDecoder hardware;
  private final MediaFile.Sink sink;
  private final AVFrame frame = av_frame_alloc();
  private final Damage damage = new Damage();
  private boolean wanted = true;

  /** Of all channels, where samples are numbers of whole bytes; else 1. */
  private final int sampleBytes;

  /**
   * @param unit of the packets' times
   * @param hardware what decodes; null: the processor
   */
  DecodingPass(
      AVCodecContext decoder, AVRational unit, HardwareDecoder hardware, MediaFile.Sink sink) {
    this.decoder = decoder;
    this.unit = unit.den() == 0 ? 0 : (double) unit.num() / unit.den();
    this.hardware = hardware;
    this.sink = sink;
    int bits = av_get_exact_bits_per_sample(decoder.codec_id()) * decoder.ch_layout().nb_channels();
    sampleBytes = bits % Byte.SIZE == 0 ? Math.max(1, bits / Byte.SIZE) : 1;
  }

  /** Whether the sink takes more. */
  boolean isWanted() {
    return wanted;
  }

  Damage damage() {
    return damage;
  }

  void give(AVPacket packet) throws UnreadableSampleException {
    // Bytes that are less than one sample, as at the end of a file, are none that could be lost.
    av_shrink_packet(packet, packet.size() - packet.size() % sampleBytes);
    if (packet.size() > 0) {
      damage.packet(packet.duration() * unit);
      send(packet);
    }
  }

  /** The stream is at its end. */
  void finish() throws UnreadableSampleException {
    if (wanted) {
      send(null);
    }
  }

  private void send(AVPacket packet) throws UnreadableSampleException {
    int code = avcodec_send_packet(decoder, packet);
    if (code < 0 && code != AVERROR_EAGAIN() && code != AVERROR_EOF) {
      damage.lost();
      return;
    }
    while (wanted) {
      code = avcodec_receive_frame(decoder, frame);
      if (code == AVERROR_EAGAIN() || code == AVERROR_EOF) {
        return;
      }
      if (code < 0) {
        if (code == AVERROR_INVALIDDATA) {
          damage.lost();
        }
        return;
      }
      try {
        if (frame.decode_error_flags() != 0) {
          damage.lost();
        }
        wanted = sink.take(hardware == null ? frame : hardware.fetched(frame));
      } finally {
        av_frame_unref(frame);
      }
    }
  }

  @Override
  public void close() {
    av_frame_free(frame);
  }
}
