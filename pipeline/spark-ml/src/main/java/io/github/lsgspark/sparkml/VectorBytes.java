package io.github.lsgspark.sparkml;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.ml.linalg.Vector;

/** Vectors as bytes: their numbers in single precision, little endian. */
final class VectorBytes {
  private VectorBytes() {}

  /** The bytes of a vector; null for null. */
  static byte[] of(Vector vector) {
    if (vector == null) {
      return null;
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.size() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : vector.toArray()) {
      bytes.putFloat((float) value);
    }
    return bytes.array();
  }

  static float[] floats(byte[] bytes) {
    float[] values = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }
}
