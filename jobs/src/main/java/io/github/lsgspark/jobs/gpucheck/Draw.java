package io.github.lsgspark.jobs.gpucheck;

import java.util.SplittableRandom;

/** Numbers that are the same on every machine. */
final class Draw {
  private Draw() {}

  /** Uniform, with mean 0 and the given standard deviation. */
  static float[] centred(long seed, int count, double deviation) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) (deviation * Math.sqrt(3) * (2 * random.nextDouble() - 1));
    }
    return values;
  }

  /** Uniform labels. */
  static long[] labels(long seed, int count, int classes) {
    return new SplittableRandom(seed).longs(count, 0, classes).toArray();
  }

  /** The number of elements of a shape. */
  static int elements(long... shape) {
    long product = 1;
    for (long length : shape) {
      product *= length;
    }
    return Math.toIntExact(product);
  }
}
