package io.github.lsgspark.dataset.modality;

/** A sample in memory, opened as far as its views need it. */
public interface Decoded {

  /** Bytes of the heap that it takes. */
  long bytes();

  /** Width in pixels, as its file has it, upright; 0 for sounds. */
  int width();

  /** Height in pixels, as its file has it, upright; 0 for sounds. */
  int height();

  /** How long it lasts in seconds; 0 for pictures. */
  double seconds();

  /** What people are shown of it. */
  DecodedImage picture();
}
