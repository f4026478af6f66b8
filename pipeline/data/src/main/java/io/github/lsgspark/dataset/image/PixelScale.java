package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.PixelSpec;
import io.github.lsgspark.config.PixelSpec.Interpolation;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.config.TrainSettings.Normalization;
import java.util.List;

/**
 * What networks make of the values 0 to 255 of a colour, as their weights were trained, and how
 * images come to the network's size.
 *
 * @param mean of red, green and blue, from 0 to 255
 * @param scale what remains is multiplied by it
 * @param blueFirst whether blue is the first channel
 * @param interpolation of the resizing
 * @param shown what evaluation shows of an image
 */
@SuppressWarnings("ArrayRecordComponent") // made once, never compared
public record PixelScale(
    float[] mean, float[] scale, boolean blueFirst, Interpolation interpolation, Shown shown) {

  /** What evaluation shows of an image. */
  @FunctionalInterface
  interface Shown {
    Crop of(TrainSettings.AugmentationSettings augmentation, int width, int height);
  }

  private static Shown byConfiguration() {
    return Crop::centre;
  }

  /** As public weights of a kind were trained. */
  public static PixelScale of(Normalization normalization) {
    return switch (normalization) {
      case AUTO, IMAGENET ->
          of(
              List.of(0.485, 0.456, 0.406),
              List.of(0.229, 0.224, 0.225),
              Interpolation.BILINEAR,
              byConfiguration());
      case INCEPTION ->
          of(
              List.of(0.5, 0.5, 0.5),
              List.of(0.5, 0.5, 0.5),
              Interpolation.BILINEAR,
              byConfiguration());
      case KINETICS ->
          of(
              List.of(0.43216, 0.394666, 0.37645),
              List.of(0.22803, 0.22145, 0.216989),
              Interpolation.BILINEAR,
              byConfiguration());
      // Values stay in 0 to 255.
      case CAFFE_BGR ->
          new PixelScale(
              new float[] {123.68f, 116.779f, 103.939f},
              new float[] {1, 1, 1},
              true,
              Interpolation.BILINEAR,
              byConfiguration());
    };
  }

  /** As the file beside published weights says. */
  public static PixelScale of(PixelSpec pixels) {
    return of(
        pixels.mean(),
        pixels.deviation(),
        pixels.interpolation(),
        pixels.keepsAspect()
            ? (unused, width, height) -> Crop.square(pixels.share(), width, height)
            : (unused, width, height) -> Crop.middle(pixels.share(), width, height));
  }

  private static PixelScale of(
      List<Double> mean, List<Double> deviation, Interpolation interpolation, Shown shown) {
    float[] means = new float[3];
    float[] scales = new float[3];
    for (int colour = 0; colour < 3; colour++) {
      means[colour] = 255 * mean.get(colour).floatValue();
      scales[colour] = 1 / (255 * deviation.get(colour).floatValue());
    }
    return new PixelScale(means, scales, false, interpolation, shown);
  }

  /** Is taken from a value of a colour (red, green, blue). */
  float mean(int colour) {
    return mean[colour];
  }

  /** What remains is multiplied by it. */
  float scale(int colour) {
    return scale[colour];
  }

  /** Which channel of a view a colour is. */
  int channel(int colour) {
    return blueFirst ? 2 - colour : colour;
  }

  /** What evaluation shows of an image. */
  public Crop centre(TrainSettings.AugmentationSettings augmentation, int width, int height) {
    return shown.of(augmentation, width, height);
  }
}
