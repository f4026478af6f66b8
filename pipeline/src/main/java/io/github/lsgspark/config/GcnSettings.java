package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Training of the two-layer GCN (LSG-SPEC section 4).
 *
 * @param patience iterations without a better held-out loss, for {@code early-stopping}
 * @param init safetensors with gc1.weight and gc2.weight to start from; empty: drawn by the seed
 */
public record GcnSettings(
    Schedule schedule,
    @Range(min = 1, max = 10000000) int iterations,
    @Range(min = 1e-12, max = 1000) double learningRate,
    @Range(min = 0, max = 1) double momentum,
    @Range(min = 0, max = 1) double weightDecay,
    @Range(min = 1) int evaluateEvery,
    @Range(min = 1) int patience,
    Precision precision,
    String init)
    implements Serializable {

  /** When training ends. */
  public enum Schedule {
    OFFICIAL,
    EARLY_STOPPING
  }

  /** Arithmetic of the GCN. */
  public enum Precision {
    FLOAT32,
    FLOAT64
  }
}
