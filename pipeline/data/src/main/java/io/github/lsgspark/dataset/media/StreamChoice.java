package io.github.lsgspark.dataset.media;

import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;

import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;

/** Which stream of a file is decoded. */
final class StreamChoice {
  private StreamChoice() {}

  /**
   * The stream of a kind that FFmpeg thinks best; the picture on the cover of a sound is the last
   * resort.
   *
   * @throws UnreadableSampleException NO_STREAM if there is none
   */
  static AVStream best(AVFormatContext format, int type, String name)
      throws UnreadableSampleException {
    int number = av_find_best_stream(format, type, -1, -1, (AVCodec) null, 0);
    if (number < 0) {
      throw new UnreadableSampleException(Reason.NO_STREAM, "the file has no " + name);
    }
    AVStream best = format.streams(number);
    for (int i = 0; isCover(best) && i < format.nb_streams(); i++) {
      AVStream other = format.streams(i);
      best = other.codecpar().codec_type() == type && !isCover(other) ? other : best;
    }
    return best;
  }

  static boolean isCover(AVStream stream) {
    return (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
  }

  /**
   * @throws UnreadableSampleException TOO_MANY_PIXELS if any stream is known to have larger
   *     pictures
   */
  static void requirePixels(AVFormatContext format, long maxPixels)
      throws UnreadableSampleException {
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
}
