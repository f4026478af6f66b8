package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.DecodedImage;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Writes pictures into views: a part, resized to a square, its values scaled as the network
 * expects. A view's channels need not lie next to each other: between them the other pictures of a
 * video have theirs. For one thread.
 */
public final class ViewWriter {
  private final int size;
  private final PixelScale scale;
  private final FloatBuffer view;
  private final int channelStride;

  /**
   * @param size side of the square in pixels
   * @param view takes the floats
   * @param channelStride floats from one channel of a picture to the next
   */
  public ViewWriter(int size, PixelScale scale, FloatBuffer view, int channelStride) {
    this.size = size;
    this.scale = scale;
    this.view = view;
    this.channelStride = channelStride;
  }

  /**
   * Writes a part of a picture.
   *
   * @param start where its first channel begins in the view
   */
  public void write(DecodedImage image, Crop crop, int start) {
    float[] line = new float[size];
    resize(
        image,
        crop,
        (y, rgb) -> {
          for (int c = 0; c < 3; c++) {
            float mean = scale.mean(c);
            float factor = scale.scale(c);
            for (int x = 0; x < size; x++) {
              line[x] = (rgb[3 * (crop.mirrored() ? size - 1 - x : x) + c] - mean) * factor;
            }
            view.put(start + scale.channel(c) * channelStride + y * size, line);
          }
        });
  }

  /**
   * Writes a part of a picture, rounded to bytes, after RandAugment has changed it.
   *
   * @param random draws what RandAugment does
   */
  public void writeChanged(
      DecodedImage image,
      Crop crop,
      TrainSettings.RandAugmentSettings settings,
      SplittableRandom random,
      int start) {
    byte[] bytes = new byte[3 * size * size];
    resize(
        image,
        crop,
        (y, rgb) -> {
          for (int x = 0; x < size; x++) {
            int from = 3 * (crop.mirrored() ? size - 1 - x : x);
            int to = 3 * (y * size + x);
            for (int c = 0; c < 3; c++) {
              bytes[to + c] = (byte) Math.min(255, (int) (rgb[from + c] + 0.5f));
            }
          }
        });
    byte[] changed =
        new RandAugment(settings).apply(new DecodedImage(size, size, bytes), random).rgb();
    float[] plane = new float[size * size];
    for (int c = 0; c < 3; c++) {
      float mean = scale.mean(c);
      float factor = scale.scale(c);
      for (int i = 0; i < plane.length; i++) {
        plane[i] = ((changed[3 * i + c] & 0xFF) - mean) * factor;
      }
      view.put(start + scale.channel(c) * channelStride, plane);
    }
  }

  private void resize(DecodedImage image, Crop crop, Resampler.Rows rows) {
    Resampler.resize(image, crop, size, size, scale.interpolation(), rows);
  }
}
