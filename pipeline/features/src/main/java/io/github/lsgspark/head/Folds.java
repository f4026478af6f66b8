package io.github.lsgspark.head;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import org.bytedeco.pytorch.Tensor;

/**
 * Parts of the samples, each of which is left out once. A sample's part follows from its features
 * alone, so that it is the same wherever the sample lies, and copies of a picture are left out
 * together.
 *
 * @param count of parts
 * @param views rows of a sample
 * @param fixed the parts of the rows in memory; empty: found by their features
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record Folds(int count, int views, int[] fixed) implements Serializable {
  /** Features that a part follows from. */
  private static final int FEATURES = 16;

  /** The part of each sample of a block of transformed features. */
  int[] of(Tensor x) {
    if (fixed.length > 0) {
      return fixed;
    }
    int width = (int) Math.min(FEATURES, x.size(1));
    double[] some = Tensors.doubles(Ops.narrow(LeftOut.first(x, views), 1, 0, width));
    int[] parts = new int[some.length / width];
    for (int i = 0; i < parts.length; i++) {
      long hash = 0;
      for (int j = 0; j < width; j++) {
        hash = mixed(hash + Float.floatToIntBits((float) some[i * width + j]));
      }
      parts[i] = (int) Long.remainderUnsigned(hash, count);
    }
    return parts;
  }

  /** The finaliser of SplitMix64 (Steele, Lea, Flood 2014). */
  private static long mixed(long bits) {
    long z = bits + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
