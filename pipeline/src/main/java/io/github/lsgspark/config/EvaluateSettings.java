package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * @param prototypes classify by the head alone, or by head and GCN class prototypes together
 * @param prototypeScale factor of the cosine to the prototypes before the softmax
 * @param batch images per forward pass of one task
 */
public record EvaluateSettings(
    Prototypes prototypes,
    @Range(min = 0) double prototypeScale,
    @Range(min = 1, max = 100000) int batch,
    @Range(min = 2, max = 1000) int calibrationBins)
    implements Serializable {

  /** What classifies. */
  public enum Prototypes {
    NONE,
    ENSEMBLE
  }
}
