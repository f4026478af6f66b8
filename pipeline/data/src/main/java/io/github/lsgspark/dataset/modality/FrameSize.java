package io.github.lsgspark.dataset.modality;

/** Pixels of a frame. */
public record FrameSize(int width, int height) {
  /** Frames have at most so many times the pixels of a square of the short side. */
  private static final double SQUARES = 4;

  /**
   * The size at which frames are kept: with the proportions of the given one, the short side no
   * longer than wanted, and no more pixels than a frame four times as long as wide has with it.
   *
   * @param shortSide in pixels; smaller frames stay as they are
   */
  public static FrameSize reduced(int width, int height, int shortSide) {
    double side = (double) shortSide / Math.min(width, height);
    double area = shortSide * Math.sqrt(SQUARES / ((double) width * height));
    double factor = Math.min(1, Math.min(side, area));
    return new FrameSize(scaled(width, factor), scaled(height, factor));
  }

  private static int scaled(int side, double factor) {
    return Math.max(1, (int) Math.round(factor * side));
  }
}
