package io.github.lsgspark.torch;

/** IEEE 754 half precision: one sign, five exponent and ten fraction bits. */
public final class Halves {
  /** The largest number that is none of infinity. */
  public static final float LARGEST = 65504;

  private static final int EXPONENT = 0x1f;
  private static final int FRACTION_BITS = 10;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;

  /** Between the biases of the exponents of both precisions. */
  private static final int BIAS = 127 - 15;

  private static final int DROPPED = 13;
  private static final int FLOAT_FRACTION = 0x7fffff;

  private Halves() {}

  /** The nearest half, ties to even; beyond the largest, infinity. */
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    int sign = (bits >>> 16) & 0x8000;
    int size = bits & 0x7fffffff;
    if (size > 0x7f800000) {
      return (short) (sign | 0x7e00);
    }
    int exponent = (size >>> 23) - BIAS;
    if (exponent >= EXPONENT) {
      return (short) (sign | 0x7c00);
    }
    int fraction = (size & FLOAT_FRACTION) | 0x800000;
    int dropped = DROPPED;
    int base = exponent << FRACTION_BITS;
    if (exponent <= 0) {
      dropped = Math.min(DROPPED + 1 - exponent, 31);
      base = 0;
    } else {
      fraction &= FLOAT_FRACTION;
    }
    int kept = fraction >>> dropped;
    int rest = fraction & ((1 << dropped) - 1);
    int half = 1 << (dropped - 1);
    boolean up = rest > half || (rest == half && ((base + kept) & 1) == 1);
    // A carry out of the fraction is one more in the exponent, as it should be.
    return (short) (sign | (base + kept + (up ? 1 : 0)));
  }

  /** The float of the same value. */
  public static float toFloat(short half) {
    int sign = (half & 0x8000) << 16;
    int exponent = (half >>> FRACTION_BITS) & EXPONENT;
    int fraction = half & FRACTION;
    if (exponent == EXPONENT) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << DROPPED);
    }
    if (exponent == 0) {
      float size = fraction * 0x1p-24f;
      return sign == 0 ? size : -size;
    }
    return Float.intBitsToFloat(sign | (exponent + BIAS) << 23 | fraction << DROPPED);
  }
}
