package io.github.lsgspark.config;

import java.nio.charset.StandardCharsets;

/**
 * Random seeds that depend only on what they are for. Every random choice of the program derives
 * from (seed, purpose, epoch, sample id), so results do not depend on partitions or replicas.
 */
public final class Seeds {
  private Seeds() {}

  /** A 64-bit hash of the seed and the parts, equal on every machine. */
  public static long derive(long seed, Object... parts) {
    long hash = mix(seed);
    for (Object part : parts) {
      hash = extend(hash, part);
    }
    return hash;
  }

  /** What {@link #derive} gives if {@code part} follows the parts that gave {@code derived}. */
  public static long extend(long derived, Object part) {
    long hash = derived;
    for (byte b : String.valueOf(part).getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
    }
    return mix(hash + 0x9E3779B97F4A7C15L);
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
