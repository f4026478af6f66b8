package io.github.lsgspark.dataset.audio;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.Arrays;

/**
 * A spectrogram as people look at it: time from left to right, low frequencies below, dark for
 * silence and light for what is loud. The loudest place and all that is eight decades below it are
 * the ends of the scale.
 */
final class SpectrogramPicture {
  private static final int SECONDS = 60;
  private static final int MOST_COLUMNS = 480;
  private static final int FEWEST_ROWS = 128;
  private static final double DECADES = 8;

  /** From silence to the loudest. */
  private static final int[] COLOURS = {0x000004, 0x51127C, 0xB73779, 0xFC8961, 0xFCFDBF};

  private SpectrogramPicture() {}

  static DecodedImage of(Sound sound) {
    int length = Math.min(sound.samples().length, SECONDS * sound.rate());
    LogMel mel = sound.mel();
    float[] values = mel.of(Arrays.copyOf(sound.samples(), length));
    int frames = values.length / mel.bands();
    int width = Math.min(frames, MOST_COLUMNS);
    int repeated = (FEWEST_ROWS + mel.bands() - 1) / mel.bands();
    int height = repeated * mel.bands();
    double loudest = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      loudest = Math.max(loudest, value);
    }
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      int band = mel.bands() - 1 - y / repeated;
      for (int x = 0; x < width; x++) {
        double below = loudest - mean(values, band * frames, x, width, frames);
        colour(1 - below / (DECADES * mel.perDecade()), rgb, 3 * (y * width + x));
      }
    }
    return new DecodedImage(width, height, rgb);
  }

  /** Mean of the frames that fall into a column. */
  private static double mean(float[] values, int row, int x, int width, int frames) {
    int first = (int) ((long) x * frames / width);
    int end = (int) ((long) (x + 1) * frames / width);
    double sum = 0;
    for (int frame = first; frame < end; frame++) {
      sum += values[row + frame];
    }
    return sum / (end - first);
  }

  private static void colour(double level, byte[] rgb, int at) {
    double place = Math.max(0, Math.min(1, level)) * (COLOURS.length - 1);
    int lower = Math.min((int) place, COLOURS.length - 2);
    double upper = place - lower;
    for (int c = 0; c < 3; c++) {
      int shift = 16 - 8 * c;
      int dark = COLOURS[lower] >> shift & 0xFF;
      int light = COLOURS[lower + 1] >> shift & 0xFF;
      rgb[at + c] = (byte) Math.round(dark + upper * (light - dark));
    }
  }
}
