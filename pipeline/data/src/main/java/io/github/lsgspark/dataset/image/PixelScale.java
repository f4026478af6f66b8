package io.github.lsgspark.dataset.image;

import io.github.lsgspark.config.TrainSettings;

/** What networks make of the values 0 to 255 of a colour, as their weights were trained. */
enum PixelScale {
  IMAGENET(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}),
  INCEPTION(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.5f, 0.5f, 0.5f}),
  KINETICS(
      new float[] {0.43216f, 0.394666f, 0.37645f}, new float[] {0.22803f, 0.22145f, 0.216989f}),
  /** Values stay in 0 to 255, blue comes first. */
  CAFFE_BGR(new float[] {123.68f, 116.779f, 103.939f}, null);

  private final float[] mean;
  private final float[] deviation;

  PixelScale(float[] mean, float[] deviation) {
    this.mean = mean;
    this.deviation = deviation;
  }

  static PixelScale of(TrainSettings.Normalization normalization) {
    return switch (normalization) {
      case AUTO, IMAGENET -> IMAGENET;
      case INCEPTION -> INCEPTION;
      case KINETICS -> KINETICS;
      case CAFFE_BGR -> CAFFE_BGR;
    };
  }

  /** Is taken from a value of a colour (red, green, blue). */
  float mean(int colour) {
    return deviation == null ? mean[colour] : 255 * mean[colour];
  }

  /** What remains is multiplied by it. */
  float scale(int colour) {
    return deviation == null ? 1 : 1 / (255 * deviation[colour]);
  }

  /** Which channel of a view a colour is. */
  int channel(int colour) {
    return this == CAFFE_BGR ? 2 - colour : colour;
  }
}
