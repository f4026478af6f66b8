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
 * antialiased, as Pillow does it: bilinear (a triangle filter as wide as the shrinking factor), or
 * bicubic where the network's own file says so.
 *
 * @param size side of the view in pixels
 */
public record ImageModality(
    ImageDecoder decoder,
    int size,
    PixelScale pixels,
    TrainSettings.AugmentationSettings augmentation)
    implements Modality {

  /** Scaled as public weights of a kind were trained. */
  public ImageModality(
      ImageDecoder decoder,
      int size,
      TrainSettings.Normalization normalization,
      TrainSettings.AugmentationSettings augmentation) {
    this(decoder, size, PixelScale.of(normalization), augmentation);
  }

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
    ViewWriter writer = new ViewWriter(size, pixels, view, size * size);
    if (kind == ViewKind.EVALUATION) {
      writer.write(image, pixels.centre(augmentation, image.width(), image.height()), 0);
      return;
    }
    SplittableRandom random = new SplittableRandom(viewSeed);
    Crop crop = Crop.random(augmentation, image.width(), image.height(), random);
    if (kind == ViewKind.WEAK) {
      writer.write(image, crop, 0);
    } else {
      writer.writeChanged(image, crop, augmentation.randAugment(), random, 0);
    }
  }
}
