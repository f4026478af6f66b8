package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What every array of weights must be, whether it is read or written: of a floating-point type, and
 * finite throughout. Nothing that is computed with a single NaN is a number.
 */
public final class SoundWeights {
  private static final int EXPONENT_16 = 0x7C00;
  private static final int EXPONENT_BF16 = 0x7F80;
  private static final int EXPONENT_32 = 0x7F800000;
  private static final long EXPONENT_64 = 0x7FF0000000000000L;

  private SoundWeights() {}

  /**
   * Looks at every element.
   *
   * @param source what to call the arrays' file in errors
   * @throws LsgException exit 3 that names the first tensor that is not sound
   */
  public static void require(Map<String, HostArray> arrays, String source) {
    arrays.forEach((name, array) -> require(name, array, source));
  }

  /** The same for one array. */
  public static void require(String name, HostArray array, String source) {
    requireFloat(name, array.dtype(), source);
    OptionalInt place = firstNotFinite(array);
    if (place.isPresent()) {
      throw LsgException.input(
          "%s: tensor %s%s holds a value that is no finite number (%s at element %d)"
              .formatted(
                  source,
                  name,
                  java.util.Arrays.toString(array.shape()),
                  value(array, place.getAsInt()),
                  place.getAsInt()));
    }
  }

  /**
   * Looks at the element type only.
   *
   * @throws LsgException exit 3 for integers, and for floats of eight bits
   */
  public static void requireFloat(String name, Dtype dtype, String source) {
    if (!dtype.isFloat()) {
      throw LsgException.input(
          source
              + ": tensor "
              + name
              + " has elements of type "
              + dtype.safetensorsName()
              + "; weights must be F32, F16, BF16 or F64, quantised ones are not read");
    }
  }

  /** Place of the first element that is NaN or infinite; empty if there is none. */
  public static OptionalInt firstNotFinite(HostArray array) {
    ByteBuffer data = array.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = array.size();
    for (int i = 0; i < size; i++) {
      boolean finite =
          switch (array.dtype()) {
            case FLOAT32 -> (data.getInt(4 * i) & EXPONENT_32) != EXPONENT_32;
            case FLOAT64 -> (data.getLong(8 * i) & EXPONENT_64) != EXPONENT_64;
            case FLOAT16 -> (data.getShort(2 * i) & EXPONENT_16) != EXPONENT_16;
            case BFLOAT16 -> (data.getShort(2 * i) & EXPONENT_BF16) != EXPONENT_BF16;
            default -> true;
          };
      if (!finite) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  private static double value(HostArray array, int place) {
    int bytes = array.dtype().bytes();
    ByteBuffer one = array.data().duplicate().position(place * bytes).limit((place + 1) * bytes);
    return new HostArray(array.dtype(), new long[] {1}, one.slice()).doubles()[0];
  }
}
