package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.OptionalInt;

/**
 * What every array of weights must be, whether it is read or written: of a floating-point type, and
 * finite throughout. Nothing that is computed with a single NaN is a number.
 */
public final class SoundWeights {
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
    OptionalInt place = Finite.firstOther(array);
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

  private static double value(HostArray array, int place) {
    int bytes = array.dtype().bytes();
    ByteBuffer one = array.data().duplicate().position(place * bytes).limit((place + 1) * bytes);
    return new HostArray(array.dtype(), new long[] {1}, one.slice()).doubles()[0];
  }
}
