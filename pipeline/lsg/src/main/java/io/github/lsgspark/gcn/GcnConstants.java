package io.github.lsgspark.gcn;

/**
 * The constants of the GCN, as trained and as frozen in the backbone's training (docs/method.md).
 */
public final class GcnConstants {
  /** Slope of LeakyReLU for values below 0. */
  public static final double NEGATIVE_SLOPE = 0.2;

  /** The least length that a vector is divided by where it is brought to unit length. */
  public static final double EPSILON = 1e-12;

  private GcnConstants() {}
}
