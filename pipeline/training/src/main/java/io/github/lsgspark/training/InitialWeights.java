package io.github.lsgspark.training;

import java.io.Serializable;

/**
 * What a training starts from.
 *
 * @param content of a safetensors file, or of the TorchScript file of a module; empty without one
 * @param name what to call the file in errors; empty without one
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record InitialWeights(byte[] content, String name) implements Serializable {
  /** Weights that are drawn by the seed. */
  static final InitialWeights DRAWN = new InitialWeights(new byte[0], "");

  /** Whether there is a file. */
  boolean given() {
    return !name.isEmpty();
  }
}
