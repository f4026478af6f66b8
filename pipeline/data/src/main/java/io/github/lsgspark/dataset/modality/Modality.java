package io.github.lsgspark.dataset.modality;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * What kind of thing samples are: how an encoded one is checked and opened, and how it becomes a
 * network's input. For several threads.
 */
public interface Modality extends Serializable {

  /**
   * Opens a sample. What passes here can be made views of.
   *
   * @param encoded content of its file
   * @throws UnreadableSampleException with the reason to set it aside for
   */
  Decoded decode(byte[] encoded) throws UnreadableSampleException;

  /** Shape of a view: of a network's input without its first dimension. */
  long[] shape();

  /** Floats of one view. */
  default int length() {
    return (int) Arrays.stream(shape()).reduce(1, (a, b) -> a * b);
  }

  /** How many views a sample is evaluated by; features are averaged over them. */
  int evaluationViews();

  /**
   * Writes a view: floats in the order of {@link #shape}, from position 0.
   *
   * @param sample that this modality decoded
   * @param seed of a random view's choices; of an evaluation view its number, from 0
   */
  void write(Decoded sample, ViewKind kind, long seed, FloatBuffer view);
}
