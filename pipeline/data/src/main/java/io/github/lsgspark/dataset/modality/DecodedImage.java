package io.github.lsgspark.dataset.modality;

/**
 * Pixels of an image.
 *
 * @param rgb row-major, three bytes per pixel
 */
@SuppressWarnings("ArrayRecordComponent")
public record DecodedImage(int width, int height, byte[] rgb) implements Decoded {

  @Override
  public long bytes() {
    return rgb.length;
  }

  @Override
  public double seconds() {
    return 0;
  }

  @Override
  public DecodedImage picture() {
    return this;
  }
}
