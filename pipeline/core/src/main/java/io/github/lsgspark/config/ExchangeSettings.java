package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The sum of gradients over replicas.
 *
 * @param backend what carries them
 * @param dtype in which gradients travel
 * @param bucketBytes gradients that travel at once
 */
public record ExchangeSettings(
    @RuntimeOnly("what carries sums; they are the same but for their rounding") Backend backend,
    Wire dtype,
    @RuntimeOnly("how many gradients set out at once; each is summed by itself") @Range(min = 1)
        long bucketBytes)
    implements Serializable {

  /** What carries sums between replicas. */
  public enum Backend {
    /** NCCL between GPUs, Gloo between processors; nothing for one replica. */
    AUTO,
    NCCL,
    /** From GPUs through host memory. */
    GLOO
  }

  /** Element types of the wire. */
  public enum Wire {
    FLOAT32,
    BFLOAT16
  }
}
