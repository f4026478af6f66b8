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
  UINT8("U8", 1, ScalarType.Byte);

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
