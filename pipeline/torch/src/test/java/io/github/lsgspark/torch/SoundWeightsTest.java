package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SoundWeightsTest {
  private static HostArray array(Dtype dtype, byte... bytes) {
    ByteBuffer data = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return new HostArray(dtype, new long[] {bytes.length / dtype.bytes()}, data);
  }

  private static void refused(HostArray array, String message) {
    Map<String, HostArray> arrays = new LinkedHashMap<>();
    arrays.put("sound", HostArray.of(new float[] {-1, 0, Float.MAX_VALUE, Float.MIN_VALUE}, 4));
    arrays.put("layer.weight", array);
    assertThatThrownBy(() -> SoundWeights.require(arrays, "a.safetensors"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContainingAll("a.safetensors: tensor layer.weight", message);
  }

  /** The second of two elements: quiet and signalling NaN, both infinities. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT16, 7C00, Infinity",
    "FLOAT16, FE01, NaN",
    "BFLOAT16, 7F80, Infinity",
    "BFLOAT16, FFC0, NaN",
    "BFLOAT16, 7F81, NaN",
    "FLOAT32, 7F800000, Infinity",
    "FLOAT32, FF800000, -Infinity",
    "FLOAT32, 7F800001, NaN",
    "FLOAT64, 7FF0000000000000, Infinity",
    "FLOAT64, FFF8000000000000, NaN"
  })
  void elementsThatAreNotFiniteAreNamed(Dtype dtype, String bits, String value) {
    ByteBuffer bytes = ByteBuffer.allocate(2 * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    long wide = Long.parseUnsignedLong(bits, 16);
    for (int i = 0; i < dtype.bytes(); i++) {
      bytes.put(dtype.bytes() + i, (byte) (wide >> 8 * i));
    }
    refused(array(dtype, bytes.array()), "no finite number (" + value + " at element 1)");
  }

  @ParameterizedTest
  @EnumSource(
      value = Dtype.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"FLOAT32", "FLOAT64", "FLOAT16", "BFLOAT16"})
  void integersAndSmallFloatsAreNamed(Dtype dtype) {
    refused(
        array(dtype, new byte[8]), "has elements of type " + dtype.safetensorsName() + "; weights");
  }

  @Test
  void theLargestNumbersAreFinite() {
    SoundWeights.require("w", array(Dtype.FLOAT16, (byte) 0xFF, (byte) 0x7B), "file");
    SoundWeights.require("w", array(Dtype.BFLOAT16, (byte) 0x7F, (byte) 0x7F), "file");
    SoundWeights.require("w", HostArray.of(new double[] {Double.MAX_VALUE}, 1), "file");
    SoundWeights.require("w", HostArray.of(new float[0], 0), "file");
  }
}
