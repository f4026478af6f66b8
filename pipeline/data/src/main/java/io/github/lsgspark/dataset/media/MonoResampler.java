package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLT;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_copy;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;
import static org.bytedeco.ffmpeg.global.swresample.swr_set_matrix;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Collects decoded frames of any format as samples of one channel at one rate. The format may
 * change from frame to frame. For one thread.
 */
final class MonoResampler implements AutoCloseable {

  /** Rates that filters are computed for; beyond them these would take gigabytes. */
  private static final int LOWEST_RATE = 100;

  private static final int HIGHEST_RATE = 1_000_000;

  /** As many as swresample takes. */
  private static final int MOST_CHANNELS = 64;

  private static final int FIRST_SAMPLES = 1 << 16;

  private final int rate;
  private final long limit;
  private final AVChannelLayout mono = new AVChannelLayout();
  private SwrContext context;
  private int inputRate;
  private int inputFormat;
  private int inputChannels;
  private FloatPointer output = new FloatPointer(FIRST_SAMPLES);
  private final PointerPointer<FloatPointer> outputs = new PointerPointer<>(1);
  private float[] samples = new float[FIRST_SAMPLES];
  private int count;

  /**
   * @param limit samples that are collected; a few more may be dropped
   */
  MonoResampler(int rate, long limit) {
    this.rate = rate;
    this.limit = limit;
    av_channel_layout_default(mono, 1);
    outputs.put(0, output);
  }

  /** Whether there are more samples than the limit. */
  boolean isFull() {
    return count > limit;
  }

  /** How much was collected. */
  double seconds() {
    return (double) count / rate;
  }

  /** How many samples are there. */
  int count() {
    return count;
  }

  /** Some of the samples. */
  float[] piece(int from, int length) {
    return Arrays.copyOfRange(samples, from, from + length);
  }

  /** Forgets the first samples. */
  void drop(int length) {
    count -= length;
    System.arraycopy(samples, length, samples, 0, count);
  }

  /** Adds a frame. */
  void take(AVFrame frame) throws UnreadableSampleException {
    if (context == null
        || frame.sample_rate() != inputRate
        || frame.format() != inputFormat
        || frame.ch_layout().nb_channels() != inputChannels) {
      flush();
      open(frame);
    }
    convert(frame.extended_data(), frame.nb_samples());
  }

  private void open(AVFrame frame) throws UnreadableSampleException {
    inputRate = frame.sample_rate();
    inputFormat = frame.format();
    inputChannels = frame.ch_layout().nb_channels();
    boolean possible =
        inputRate >= LOWEST_RATE
            && inputRate <= HIGHEST_RATE
            && inputChannels >= 1
            && inputChannels <= MOST_CHANNELS;
    if (!possible || !configured(frame)) {
      throw new UnreadableSampleException(
          Reason.DAMAGED,
          "cannot be resampled: states "
              + inputChannels
              + " channels and "
              + inputRate
              + " samples per second");
    }
  }

  private boolean configured(AVFrame frame) {
    context = new SwrContext();
    AVChannelLayout from = new AVChannelLayout();
    try (DoublePointer equal = new DoublePointer(inputChannels)) {
      av_channel_layout_copy(from, frame.ch_layout());
      int code =
          swr_alloc_set_opts2(
              context, mono, AV_SAMPLE_FMT_FLT, rate, from, inputFormat, inputRate, 0, null);
      if (code < 0) {
        return false;
      }
      // The same weight for all: then nobody need know which channel stands where.
      for (int i = 0; i < inputChannels; i++) {
        equal.put(i, 1.0 / inputChannels);
      }
      return swr_set_matrix(context, equal, inputChannels) >= 0 && swr_init(context) >= 0;
    } finally {
      av_channel_layout_uninit(from);
      from.close();
    }
  }

  /**
   * @param planes null: what the resampler holds back is to come
   */
  private void convert(PointerPointer<?> planes, int length) throws UnreadableSampleException {
    int room = swr_get_out_samples(context, length);
    if (room > output.capacity()) {
      output.close();
      output = new FloatPointer(room);
      outputs.put(0, output);
    }
    int made = swr_convert(context, outputs, (int) output.capacity(), planes, length);
    if (made < 0) {
      throw new UnreadableSampleException(
          Reason.DAMAGED, "cannot be resampled: " + NativeMedia.message(made));
    }
    int kept = (int) Math.min(made, limit + 1 - count);
    if (count + kept > samples.length) {
      samples = Arrays.copyOf(samples, Math.max(count + kept, 2 * samples.length));
    }
    output.get(samples, count, kept);
    count += kept;
  }

  private void flush() throws UnreadableSampleException {
    if (context != null) {
      convert(null, 0);
      release();
    }
  }

  private void release() {
    if (context != null) {
      swr_free(context);
      context = null;
    }
  }

  /** All samples; nothing can be added afterwards. */
  float[] finish() throws UnreadableSampleException {
    end();
    return Arrays.copyOf(samples, count);
  }

  /** Adds what was held back; nothing can be added afterwards. */
  void end() throws UnreadableSampleException {
    flush();
  }

  @Override
  public void close() {
    release();
    outputs.close();
    output.close();
    av_channel_layout_uninit(mono);
    mono.close();
  }
}
