package io.github.lsgspark.dataset;

import io.github.lsgspark.config.TrainSettings;
import java.io.Serializable;
import java.util.SplittableRandom;

/**
 * Turns decoded images into network inputs: CHW floats of a square size, scaled as the network
 * expects. Resizing is bilinear with antialiasing (a triangle filter as wide as the shrinking
 * factor), as Pillow does it.
 *
 * @param size side of the view in pixels
 */
public record ViewMaker(
    int size,
    TrainSettings.Normalization normalization,
    TrainSettings.AugmentationSettings augmentation)
    implements Serializable {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final float[] CAFFE_MEAN_RGB = {123.68f, 116.779f, 103.939f};
  private static final int CROP_TRIES = 10;

  /** Floats of one view. */
  public int length() {
    return 3 * size * size;
  }

  /**
   * A random view: a crop of random area and ratio (3/4 to 4/3), and a mirror image half the time
   * if flipping is on.
   */
  public float[] train(DecodedImage image, long viewSeed) {
    SplittableRandom random = new SplittableRandom(viewSeed);
    double[] crop = randomCrop(image, random);
    boolean mirror = augmentation.flip() && random.nextBoolean();
    return normalized(
        Resampler.resize(image, crop[0], crop[1], crop[2], crop[3], size, size), mirror);
  }

  /** The view for evaluation: whole image, or its centre if resize-factor is above 1. */
  public float[] evaluate(DecodedImage image) {
    double keep = 1 / augmentation.resizeFactor();
    double width = image.width() * keep;
    double height = image.height() * keep;
    return normalized(
        Resampler.resize(
            image,
            (image.width() - width) / 2,
            (image.height() - height) / 2,
            width,
            height,
            size,
            size),
        false);
  }

  private double[] randomCrop(DecodedImage image, SplittableRandom random) {
    double smallest = augmentation.cropScaleMin();
    if (smallest >= 1) {
      return new double[] {0, 0, image.width(), image.height()};
    }
    // Proportions are those of the image resized to a square, as in the reference (TR:69-80).
    for (int attempt = 0; attempt < CROP_TRIES; attempt++) {
      double area = smallest + (1 - smallest) * random.nextDouble();
      double ratio = Math.exp((2 * random.nextDouble() - 1) * Math.log(4.0 / 3));
      double width = Math.sqrt(area * ratio);
      double height = Math.sqrt(area / ratio);
      if (width <= 1 && height <= 1) {
        double x = random.nextDouble() * (1 - width);
        double y = random.nextDouble() * (1 - height);
        return new double[] {
          x * image.width(), y * image.height(), width * image.width(), height * image.height()
        };
      }
    }
    return new double[] {0, 0, image.width(), image.height()};
  }

  /** HWC values 0..255 to normalised CHW. */
  private float[] normalized(float[] hwc, boolean mirror) {
    boolean caffe = normalization == TrainSettings.Normalization.CAFFE_BGR;
    int plane = size * size;
    float[] chw = new float[3 * plane];
    for (int c = 0; c < 3; c++) {
      int target = (caffe ? 2 - c : c) * plane;
      float mean = caffe ? CAFFE_MEAN_RGB[c] : 255 * MEAN[c];
      float scale = caffe ? 1 : 1 / (255 * DEVIATION[c]);
      for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++) {
          int from = 3 * (y * size + (mirror ? size - 1 - x : x)) + c;
          chw[target + y * size + x] = (hwc[from] - mean) * scale;
        }
      }
    }
    return chw;
  }
}
