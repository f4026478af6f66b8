package io.github.lsgspark.torch;

import java.util.Locale;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Element types of tensors and of arrays in safetensors files. */
public enum Dtype {
  FLOAT32("F32", 4, ScalarType.Float),
  FLOAT64("F64", 8, ScalarType.Double),
  FLOAT16("F16", 2, ScalarType.Half),
  BFLOAT16("BF16", 2, ScalarType.BFloat16),
  INT64("I64", 8, ScalarType.Long),
  INT32("I32", 4, ScalarType.Int),
  UINT8("U8", 1, ScalarType.Byte),
  INT8("I8", 1, ScalarType.Char),
  INT16("I16", 2, ScalarType.Short),
  BOOL("BOOL", 1, ScalarType.Bool),
  UINT16("U16", 2, ScalarType.UInt16),
  UINT32("U32", 4, ScalarType.UInt32),
  UINT64("U64", 8, ScalarType.UInt64),
  FLOAT8_E4M3("F8_E4M3", 1, ScalarType.Float8_e4m3fn),
  FLOAT8_E5M2("F8_E5M2", 1, ScalarType.Float8_e5m2);

  private final String safetensorsName;
  private final int bytes;
  private final ScalarType scalarType;

  Dtype(String safetensorsName, int bytes, ScalarType scalarType) {
    this.safetensorsName = safetensorsName;
    this.bytes = bytes;
    this.scalarType = scalarType;
  }

  /** The name in a safetensors header, such as F32. */
  public String safetensorsName() {
    return safetensorsName;
  }

  /**
   * Whether its elements are weights as networks compute with them: 16 bits or more, no integers.
   */
  public boolean isFloat() {
    return this == FLOAT32 || this == FLOAT64 || this == FLOAT16 || this == BFLOAT16;
  }

  /** As configurations spell it, such as bfloat16. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }

  ScalarType scalarType() {
    return scalarType;
  }

  /** The element type of a tensor. */
  public static Dtype of(Tensor tensor) {
    ScalarType type = tensor.scalar_type().intern();
    for (Dtype dtype : values()) {
      if (dtype.scalarType == type) {
        return dtype;
      }
    }
    throw new IllegalArgumentException("unsupported tensor element type " + type);
  }
}
