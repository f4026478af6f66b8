package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.dataset.modality.Decoded;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.dataset.modality.Modality;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.dataset.modality.ViewKind;
import java.nio.FloatBuffer;
import java.util.SplittableRandom;

/**
 * Pictures. Views are CHW floats of a square size, scaled as the network expects. Resizing is
 * bilinear with antialiasing (a triangle filter as wide as the shrinking factor), as Pillow does
 * it.
 *
 * @param size side of the view in pixels
 */
public record ImageModality(
    ImageDecoder decoder,
    int size,
    TrainSettings.Normalization normalization,
    TrainSettings.AugmentationSettings augmentation)
    implements Modality {
  private static final float[] MEAN = {0.485f, 0.456f, 0.406f};
  private static final float[] DEVIATION = {0.229f, 0.224f, 0.225f};
  private static final float HALF = 0.5f;
  private static final float[] CAFFE_MEAN_RGB = {123.68f, 116.779f, 103.939f};
  private static final int CROP_TRIES = 10;

  @Override
  public DecodedImage decode(byte[] encoded) throws UnreadableSampleException {
    return decoder.decode(encoded);
  }

  @Override
  public long[] shape() {
    return new long[] {3, size, size};
  }

  @Override
  public int evaluationViews() {
    return 1;
  }

  /**
   * @param viewSeed of the crop (random area, ratio 3/4 to 4/3), of the mirror image half the time
   *     if flipping is on, and of RandAugment
   */
  @Override
  public void write(Decoded sample, ViewKind kind, long viewSeed, FloatBuffer view) {
    DecodedImage image = (DecodedImage) sample;
    switch (kind) {
      case EVALUATION -> write(image, centre(image), false, view);
      case WEAK -> {
        SplittableRandom random = new SplittableRandom(viewSeed);
        double[] crop = randomCrop(image, random);
        write(image, crop, augmentation.flip() && random.nextBoolean(), view);
      }
      case STRONG -> writeStrong(image, new SplittableRandom(viewSeed), view);
    }
  }

  /** The whole image, or its centre if resize-factor is above 1: x, y, width, height. */
  private double[] centre(DecodedImage image) {
    double keep = 1 / augmentation.resizeFactor();
    double width = image.width() * keep;
    double height = image.height() * keep;
    return new double[] {(image.width() - width) / 2, (image.height() - height) / 2, width, height};
  }

  private void resize(DecodedImage image, double[] box, Resampler.Rows rows) {
    Resampler.resize(image, box[0], box[1], box[2], box[3], size, size, rows);
  }

  private void write(DecodedImage image, double[] box, boolean mirror, FloatBuffer view) {
    float[] line = new float[size];
    resize(
        image,
        box,
        (y, rgb) -> {
          for (int c = 0; c < 3; c++) {
            float mean = mean(c);
            float scale = scale(c);
            for (int x = 0; x < size; x++) {
              line[x] = (rgb[3 * (mirror ? size - 1 - x : x) + c] - mean) * scale;
            }
            view.put(plane(c) + y * size, line);
          }
        });
  }

  /** Crop and mirror image as in the weak view, rounded to bytes, changed, then normalised. */
  private void writeStrong(DecodedImage image, SplittableRandom random, FloatBuffer view) {
    double[] box = randomCrop(image, random);
    boolean mirror = augmentation.flip() && random.nextBoolean();
    byte[] bytes = new byte[length()];
    resize(
        image,
        box,
        (y, rgb) -> {
          for (int x = 0; x < size; x++) {
            int from = 3 * (mirror ? size - 1 - x : x);
            int to = 3 * (y * size + x);
            for (int c = 0; c < 3; c++) {
              bytes[to + c] = (byte) Math.min(255, (int) (rgb[from + c] + 0.5f));
            }
          }
        });
    RandAugment augment = new RandAugment(augmentation.randAugment());
    byte[] changed = augment.apply(new DecodedImage(size, size, bytes), random).rgb();
    float[] plane = new float[size * size];
    for (int c = 0; c < 3; c++) {
      float mean = mean(c);
      float scale = scale(c);
      for (int i = 0; i < plane.length; i++) {
        plane[i] = ((changed[3 * i + c] & 0xFF) - mean) * scale;
      }
      view.put(plane(c), plane);
    }
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

  private boolean caffe() {
    return normalization == TrainSettings.Normalization.CAFFE_BGR;
  }

  /** Where the plane of a colour starts. */
  private int plane(int colour) {
    return (caffe() ? 2 - colour : colour) * size * size;
  }

  private boolean inception() {
    return normalization == TrainSettings.Normalization.INCEPTION;
  }

  private float mean(int colour) {
    return caffe() ? CAFFE_MEAN_RGB[colour] : 255 * (inception() ? HALF : MEAN[colour]);
  }

  private float scale(int colour) {
    return caffe() ? 1 : 1 / (255 * (inception() ? HALF : DEVIATION[colour]));
  }
}
