package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Training of the two-layer GCN (docs/method.md, section 3).
 *
 * @param patience iterations without a better held-out loss, for {@code early-stopping}
 * @param start weights to start from, where {@code init} names none
 * @param init safetensors with gc1.weight and gc2.weight to start from; empty: as {@code start}
 *     says
 * @param device where the driver computes; auto: the GPU that Spark gave the driver, if any
 */
public record GcnSettings(
    Schedule schedule,
    Optimizer optimizer,
    @Range(min = 1, max = 10000000) int iterations,
    @Range(min = 1e-12, max = 1000) double learningRate,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay,
    @Range(min = 1) int evaluateEvery,
    @Range(min = 1) int patience,
    Precision precision,
    Start start,
    @InputPath String init,
    TrainSettings.Device device)
    implements Serializable {

  /** When training ends. */
  public enum Schedule {
    OFFICIAL,
    EARLY_STOPPING
  }

  /** How weights follow their gradients. */
  public enum Optimizer {
    /** With Nesterov momentum, as the reference. */
    SGD,
    ADAM
  }

  /** Arithmetic of the GCN. */
  public enum Precision {
    /** Large products in bfloat16, everything else in float32. */
    BFLOAT16,
    FLOAT32,
    FLOAT64
  }

  /** Weights before the first iteration. */
  public enum Start {
    /** As the reference: all drawn by the seed. */
    RANDOM,
    /** The second layer holds the class means of what the first gives. */
    CLASS_MEANS
  }
}
