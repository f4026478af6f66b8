package io.github.lsgspark.dataset.media;

import io.github.lsgspark.dataset.modality.DecodedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames that tell their number, even after a lossy codec and at another size: each of six fields,
 * three above three, is black or white, the binary digits of the number; the lowest comes first.
 */
public final class NumberedFrames {
  private static final int COLUMNS = 3;
  private static final int DIGITS = 6;

  private NumberedFrames() {}

  /**
   * A frame that shows a number in black and white.
   *
   * @param number 0 to 63
   */
  public static DecodedImage frame(int number, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int digit = 2 * y / height * COLUMNS + COLUMNS * x / width;
        byte value = (byte) ((number >> digit & 1) * 255);
        for (int c = 0; c < 3; c++) {
          rgb[3 * (y * width + x) + c] = value;
        }
      }
    }
    return new DecodedImage(width, height, rgb);
  }

  /** Frames with the numbers from 0 on. */
  public static List<DecodedImage> frames(int count, int width, int height) {
    List<DecodedImage> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      frames.add(frame(i, width, height));
    }
    return frames;
  }

  /** What a frame says. */
  public static int number(DecodedImage frame) {
    int number = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int x = (2 * (digit % COLUMNS) + 1) * frame.width() / (2 * COLUMNS);
      int y = (2 * (digit / COLUMNS) + 1) * frame.height() / 4;
      int green = frame.rgb()[3 * (y * frame.width() + x) + 1] & 0xFF;
      number |= (green > 127 ? 1 : 0) << digit;
    }
    return number;
  }
}
