package io.github.lsgspark.dataset.media;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException.Reason;
import io.github.lsgspark.torch.NativeTorch;
import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swresample;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/** Loads FFmpeg into this JVM, once. */
public final class NativeMedia {
  private static final int MESSAGE_BYTES = 256;

  private static boolean loaded;

  private NativeMedia() {}

  /**
   * Loads the native libraries; later calls return at once.
   *
   * @throws LsgException with exit code 4 if they cannot be loaded on this machine
   */
  public static synchronized void load() {
    if (loaded) {
      return;
    }
    NativeTorch.allowWholeMachine();
    try {
      for (Class<?> library :
          new Class<?>[] {
            avutil.class, swresample.class, avcodec.class, avformat.class, swscale.class
          }) {
        Loader.load(library);
      }
      // What is wrong with a file is said in the reason that it is set aside for.
      avutil.av_log_set_level(avutil.AV_LOG_QUIET);
      loaded = true;
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw LsgException.environment(
          "FFmpeg cannot be loaded on " + Loader.getPlatform() + ": " + e.getMessage(), e);
    }
  }

  /** Version of the loaded library. */
  public static String version() {
    load();
    return avutil.av_version_info().getString();
  }

  /** What an error code means. */
  static String message(int code) {
    byte[] text = new byte[MESSAGE_BYTES];
    avutil.av_strerror(code, text, text.length);
    int end = 0;
    while (end < text.length && text[end] != 0) {
      end++;
    }
    return new String(text, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * Checks what a function of FFmpeg returned.
   *
   * @throws UnreadableSampleException with the reason and FFmpeg's words, if it is an error
   */
  static void check(int code, Reason reason) throws UnreadableSampleException {
    if (code < 0) {
      throw new UnreadableSampleException(reason, message(code));
    }
  }
}
