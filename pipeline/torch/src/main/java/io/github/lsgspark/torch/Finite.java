package io.github.lsgspark.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.bytedeco.pytorch.Tensor;

/** Looks for numbers that are none: NaN and the infinities. */
public final class Finite {
  private static final int FLOAT_EXPONENT = 0x7F800000;
  private static final long DOUBLE_EXPONENT = 0x7FF0000000000000L;
  private static final int BFLOAT16_EXPONENT = 0x7F80;
  private static final int HALF_EXPONENT = 0x7C00;

  private Finite() {}

  /** Whether all elements are finite. */
  public static boolean all(HostArray array) {
    return firstOther(array).isEmpty();
  }

  /** Place of the first element that is NaN or infinite; empty if there is none. */
  public static OptionalInt firstOther(HostArray array) {
    ByteBuffer data = array.data().duplicate().order(ByteOrder.LITTLE_ENDIAN);
    int size = array.size();
    int place =
        switch (array.dtype()) {
          case FLOAT32 -> firstOther(data.asIntBuffer());
          case FLOAT64 -> firstOther(data.asLongBuffer());
          case BFLOAT16 -> firstOther(data.asShortBuffer(), BFLOAT16_EXPONENT);
          case FLOAT16 -> firstOther(data.asShortBuffer(), HALF_EXPONENT);
          default -> size;
        };
    return place < size ? OptionalInt.of(place) : OptionalInt.empty();
  }

  // A number whose exponent has all bits set is none.
  private static int firstOther(IntBuffer bits) {
    int at = 0;
    while (at < bits.limit() && (bits.get(at) & FLOAT_EXPONENT) != FLOAT_EXPONENT) {
      at++;
    }
    return at;
  }

  private static int firstOther(LongBuffer bits) {
    int at = 0;
    while (at < bits.limit() && (bits.get(at) & DOUBLE_EXPONENT) != DOUBLE_EXPONENT) {
      at++;
    }
    return at;
  }

  private static int firstOther(ShortBuffer bits, int exponent) {
    int at = 0;
    while (at < bits.limit() && (bits.get(at) & exponent) != exponent) {
      at++;
    }
    return at;
  }

  /** Whether all elements are finite. */
  public static boolean all(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  /** The name of the first array that is not finite throughout. */
  public static Optional<String> offender(Map<String, HostArray> arrays) {
    return arrays.entrySet().stream()
        .filter(entry -> !all(entry.getValue()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /**
   * The name of the first parameter whose part of a flat tensor is not finite throughout.
   *
   * @param flat laid out like the parameters' values
   */
  public static Optional<String> offender(FlatParameters parameters, Tensor flat) {
    for (String name : parameters.names()) {
      if (!all(Tensors.floats(parameters.view(flat, name)))) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }
}
