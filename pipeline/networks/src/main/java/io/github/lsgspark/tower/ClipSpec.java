package io.github.lsgspark.tower;

/**
 * Clips that a public network was trained on.
 *
 * @param frames of a clip
 * @param side of what is seen of a frame, in pixels
 * @param edge shorter side of whole frames, of which that is cut out
 */
public record ClipSpec(int frames, int side, int edge) {

  /** In words, for logs. */
  @Override
  public String toString() {
    return "clips of %d frames of %d px".formatted(frames, side);
  }
}
