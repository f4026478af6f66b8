package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * What of the backbone a training changes.
 *
 * @param method what is trained
 * @param lora of the method of this name
 * @param blocks of the last blocks, how many
 * @param layerDecay factor of the learning rate from a layer to the one before it; 1: all the same
 * @param recompute whether blocks are computed again for their gradients, which takes less memory
 */
public record TuningSettings(
    Method method,
    LoraSettings lora,
    @Range(min = 1, max = 1000) int blocks,
    @Range(min = 0.01, max = 1) double layerDecay,
    @RuntimeOnly("what is kept of a step and what computed again; the gradients are the same")
        boolean recompute)
    implements Serializable {

  /** What is trained of the backbone; the classifier and the projector always are. */
  public enum Method {
    /** All weights. */
    ALL,
    /** A product of two narrow matrices beside each linear layer (Hu et al., ICLR 2022). */
    LORA,
    /** Biases alone (Ben Zaken et al., ACL 2022). */
    BIAS,
    /** The last blocks, and what comes after them. */
    LAST_BLOCKS
  }

  /**
   * Low-rank adaptation: W + alpha/rank · B A.
   *
   * @param rank rows of A
   * @param layers which linear layers: "attention", "mlp", or the ends of their names
   */
  public record LoraSettings(
      @Range(min = 1, max = 1024) int rank,
      @Range(min = 0, max = 100000) double alpha,
      List<String> layers)
      implements Serializable {}

  /** Whether the backbone's own weights may change. */
  public boolean isWhole() {
    return method == Method.ALL;
  }
}
