package io.github.lsgspark.torch;

import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A named array in this JVM's memory, as safetensors files hold it: row-major, little endian.
 *
 * @param data the elements' bytes; position 0 to limit
 */
public record HostArray(Dtype dtype, long[] shape, ByteBuffer data) {

  /** A float array. */
  public static HostArray of(float[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * 4);
    data.asFloatBuffer().put(values);
    return new HostArray(Dtype.FLOAT32, shape, data);
  }

  /** A double array. */
  public static HostArray of(double[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * 8);
    data.asDoubleBuffer().put(values);
    return new HostArray(Dtype.FLOAT64, shape, data);
  }

  private static ByteBuffer allocate(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** An array of which only type and shape are known. */
  public static HostArray outline(Dtype dtype, long... shape) {
    return new HostArray(dtype, shape, allocate(0));
  }

  /** Whether only type and shape are known. */
  public boolean isOutline() {
    return data.remaining() == 0 && Arrays.stream(shape).noneMatch(length -> length == 0);
  }

  /** Number of elements. */
  public int size() {
    long size = 1;
    for (long dimension : shape) {
      size *= dimension;
    }
    return Math.toIntExact(size);
  }

  /** The elements as floats; halves and bfloat16 are widened, doubles rounded. */
  public float[] floats() {
    float[] values = new float[size()];
    ByteBuffer source = source();
    switch (dtype) {
      case FLOAT32 -> source.asFloatBuffer().get(values);
      case BFLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(source.getShort(2 * i) << 16);
        }
      }
      case FLOAT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Halves.toFloat(source.getShort(2 * i));
        }
      }
      default -> {
        double[] wide = doubles();
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) wide[i];
        }
      }
    }
    return values;
  }

  /** The elements as doubles. */
  public double[] doubles() {
    double[] values = new double[size()];
    ByteBuffer source = source();
    switch (dtype) {
      case FLOAT64 -> source.asDoubleBuffer().get(values);
      case INT64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.getLong(8 * i);
        }
      }
      case INT32 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.getInt(4 * i);
        }
      }
      case UINT8 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.get(i) & 0xFF;
        }
      }
      case INT8, BOOL -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.get(i);
        }
      }
      case INT16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = source.getShort(2 * i);
        }
      }
      case UINT16, UINT32, UINT64, FLOAT8_E4M3, FLOAT8_E5M2 ->
          throw LsgException.input(
              "element type " + dtype.safetensorsName() + " is not read, only F32, F64, F16, BF16");
      default -> {
        float[] narrow = floats();
        for (int i = 0; i < values.length; i++) {
          values[i] = narrow[i];
        }
      }
    }
    return values;
  }

  private ByteBuffer source() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A float tensor on the CPU. */
  public org.bytedeco.pytorch.Tensor tensor() {
    return dtype == Dtype.FLOAT64 ? Tensors.of(doubles(), shape) : Tensors.of(floats(), shape);
  }

  /** The same with 64-bit integers as they are, as indices must be. */
  public org.bytedeco.pytorch.Tensor exactTensor() {
    if (dtype != Dtype.INT64) {
      return tensor();
    }
    long[] values = new long[size()];
    source().asLongBuffer().get(values);
    return Tensors.of(values, shape);
  }

  /** An array of 64-bit integers. */
  public static HostArray of(long[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * 8);
    data.asLongBuffer().put(values);
    return new HostArray(Dtype.INT64, shape, data);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HostArray that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * dtype.hashCode() + Arrays.hashCode(shape);
  }

  @Override
  public String toString() {
    return dtype.safetensorsName() + Arrays.toString(shape);
  }
}
