package io.github.lsgspark.torch;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Tensors from Java arrays and back. Arrays are row-major; tensors made here own their memory. */
public final class Tensors {
  private Tensors() {}

  /** A float tensor on the CPU. */
  public static Tensor of(float[] values, long... shape) {
    NativeTorch.load();
    checkSize(values.length, shape);
    try (FloatPointer pointer = new FloatPointer(Math.max(values.length, 1))) {
      pointer.put(values, 0, values.length);
      return copyOf(pointer, ScalarType.Float, shape);
    }
  }

  /** A double tensor on the CPU. */
  public static Tensor of(double[] values, long... shape) {
    NativeTorch.load();
    checkSize(values.length, shape);
    try (DoublePointer pointer = new DoublePointer(Math.max(values.length, 1))) {
      pointer.put(values, 0, values.length);
      return copyOf(pointer, ScalarType.Double, shape);
    }
  }

  /** An integer tensor on the CPU. */
  public static Tensor of(long[] values, long... shape) {
    NativeTorch.load();
    checkSize(values.length, shape);
    try (LongPointer pointer = new LongPointer(Math.max(values.length, 1))) {
      pointer.put(values, 0, values.length);
      return copyOf(pointer, ScalarType.Long, shape);
    }
  }

  /** A tensor of bytes 0..255 on the CPU. */
  public static Tensor of(byte[] values, long... shape) {
    NativeTorch.load();
    checkSize(values.length, shape);
    try (BytePointer pointer = new BytePointer(Math.max(values.length, 1))) {
      pointer.put(values, 0, values.length);
      return copyOf(pointer, ScalarType.Byte, shape);
    }
  }

  /**
   * A tensor over the array's own memory if that is possible (off the Java heap, as mapped files
   * are, and aligned), else over a copy. Whoever keeps the tensor keeps the array, too: libtorch
   * does not hold it.
   */
  public static Tensor viewOf(HostArray array) {
    NativeTorch.load();
    ScalarType type = array.dtype().scalarType();
    BytePointer pointer =
        array.data().isDirect() ? new BytePointer(array.data()) : copied(array.data());
    boolean aligned = pointer.address() % array.dtype().bytes() == 0;
    Tensor view = torch.from_blob(pointer, array.shape(), new TensorOptions(type));
    return array.data().isDirect() && aligned ? view : view.clone();
  }

  private static BytePointer copied(ByteBuffer bytes) {
    byte[] content = new byte[bytes.remaining()];
    bytes.duplicate().get(content);
    BytePointer pointer = new BytePointer(Math.max(content.length, 1));
    return pointer.put(content, 0, content.length);
  }

  private static Tensor copyOf(Pointer pointer, ScalarType type, long... shape) {
    try (Tensor view = torch.from_blob(pointer, shape, new TensorOptions(type))) {
      return view.clone();
    }
  }

  private static void checkSize(int length, long... shape) {
    long product = 1;
    for (long dimension : shape) {
      product *= dimension;
    }
    if (product != length) {
      throw new IllegalArgumentException(
          "shape "
              + java.util.Arrays.toString(shape)
              + " needs "
              + product
              + " values, but "
              + length
              + " were given");
    }
  }

  /** Zeros. */
  public static Tensor zeros(Dtype dtype, ComputeDevice device, long... shape) {
    NativeTorch.load();
    return torch.zeros(
        shape,
        new TensorOptions(dtype.scalarType()).device(new DeviceOptional(device.torchDevice())));
  }

  /** The tensor in another element type and on another device; itself if both fit already. */
  public static Tensor to(Tensor tensor, Dtype dtype, ComputeDevice device) {
    Device target = device.torchDevice();
    return tensor.to(target, dtype.scalarType(), false, false, noMemoryFormat());
  }

  /** The tensor on another device, in its own element type. */
  public static Tensor onto(Tensor tensor, ComputeDevice device) {
    return tensor.to(
        device.torchDevice(), tensor.scalar_type().intern(), false, false, noMemoryFormat());
  }

  /**
   * The tensor on another device, on its way there while the host goes on: from the processor to a
   * GPU through memory that cannot be swapped out, which libtorch keeps until the copy has ended.
   */
  public static Tensor streamed(Tensor tensor, Dtype dtype, ComputeDevice device) {
    if (!device.isCuda() || tensor.is_cuda()) {
      return to(tensor, dtype, device);
    }
    return to(tensor, dtype)
        .pin_memory()
        .to(device.torchDevice(), dtype.scalarType(), true, false, noMemoryFormat());
  }

  /** The tensor in another element type. */
  public static Tensor to(Tensor tensor, Dtype dtype) {
    return tensor.to(dtype.scalarType(), false, false, noMemoryFormat());
  }

  private static org.bytedeco.pytorch.MemoryFormatOptional noMemoryFormat() {
    return new org.bytedeco.pytorch.MemoryFormatOptional();
  }

  /** All elements in row-major order, converted to float. */
  public static float[] floats(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor plain = to(tensor.detach(), Dtype.FLOAT32, ComputeDevice.cpu()).contiguous();
      float[] values = new float[Math.toIntExact(plain.numel())];
      if (values.length > 0) {
        plain.data_ptr_float().get(values);
      }
      return values;
    }
  }

  /** All elements in row-major order, converted to double. */
  public static double[] doubles(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor plain = to(tensor.detach(), Dtype.FLOAT64, ComputeDevice.cpu()).contiguous();
      double[] values = new double[Math.toIntExact(plain.numel())];
      if (values.length > 0) {
        plain.data_ptr_double().get(values);
      }
      return values;
    }
  }

  /** All elements in row-major order, converted to long. */
  public static long[] longs(Tensor tensor) {
    try (TensorScope scope = new TensorScope()) {
      Tensor plain = to(tensor.detach(), Dtype.INT64, ComputeDevice.cpu()).contiguous();
      long[] values = new long[Math.toIntExact(plain.numel())];
      if (values.length > 0) {
        plain.data_ptr_long().get(values);
      }
      return values;
    }
  }

  /** The only element. */
  public static double item(Tensor tensor) {
    return tensor.item().toDouble();
  }

  /** Where a tensor lies. */
  public static ComputeDevice device(Tensor tensor) {
    return tensor.is_cuda() ? ComputeDevice.cuda(tensor.device().index()) : ComputeDevice.cpu();
  }

  /** The lengths of all dimensions. */
  public static long[] shape(Tensor tensor) {
    long[] shape = new long[(int) tensor.dim()];
    for (int d = 0; d < shape.length; d++) {
      shape[d] = tensor.size(d);
    }
    return shape;
  }

  /** Overwrites a float tensor on the CPU with row-major values. */
  public static void fill(Tensor tensor, float[] values) {
    try (TensorScope scope = new TensorScope()) {
      Tensor source = of(values, shape(tensor));
      tensor.detach().copy_(source);
    }
  }

  /** Sets every element. */
  public static void fill(Tensor tensor, double value) {
    try (TensorScope scope = new TensorScope()) {
      tensor.detach().fill_(new Scalar(value));
    }
  }

  /** The raw little-endian bytes of a tensor, for files. */
  static ByteBuffer bytes(Tensor tensor) {
    Tensor plain = tensor.detach().contiguous();
    BytePointer pointer = new BytePointer(plain.data_ptr());
    return pointer.capacity(plain.nbytes()).asByteBuffer();
  }
}
