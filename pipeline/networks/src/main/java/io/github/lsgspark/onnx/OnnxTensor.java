package io.github.lsgspark.onnx;

import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Numbers that a graph holds: ONNX's {@code TensorProto}, in 32-bit floats or 64-bit integers.
 *
 * @param name within the graph
 */
record OnnxTensor(String name, HostArray values) {
  /** ONNX's numbers of element types. */
  static final int FLOAT = 1;

  static final int INT64 = 7;

  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int NAME = 8;
  private static final int RAW_DATA = 9;

  /** Floats of any width become 32-bit floats, integers 64-bit ones. */
  static OnnxTensor of(String name, HostArray values) {
    if (values.dtype() == Dtype.FLOAT32 || values.dtype() == Dtype.INT64) {
      return new OnnxTensor(name, values);
    }
    if (values.dtype().isFloat()) {
      return new OnnxTensor(name, HostArray.of(values.floats(), values.shape()));
    }
    double[] wide = values.doubles();
    long[] whole = new long[wide.length];
    for (int i = 0; i < whole.length; i++) {
      whole[i] = (long) wide[i];
    }
    return new OnnxTensor(name, integers(whole, values.shape()));
  }

  /** An array of 64-bit integers. */
  static HostArray integers(long[] values, long... shape) {
    ByteBuffer data =
        ByteBuffer.allocate(Math.multiplyExact(values.length, Long.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    data.asLongBuffer().put(values);
    return new HostArray(Dtype.INT64, shape, data);
  }

  /** The message but for its last field's bytes, which are {@link #data}. */
  ProtoMessage head() {
    ProtoMessage head = new ProtoMessage();
    for (long length : values.shape()) {
      head.number(DIMS, length);
    }
    return head.number(DATA_TYPE, values.dtype() == Dtype.INT64 ? INT64 : FLOAT)
        .text(NAME, name)
        .length(RAW_DATA, values.data().remaining());
  }

  ByteBuffer data() {
    return values.data().duplicate();
  }
}
