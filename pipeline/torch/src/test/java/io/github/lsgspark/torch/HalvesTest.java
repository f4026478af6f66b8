package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;

/** Against libtorch's conversion. */
class HalvesTest {

  @Test
  void everyHalfComesBack() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      float value = Halves.toFloat(half);
      if (Float.isNaN(value)) {
        assertThat(Halves.toFloat(Halves.of(value))).isNaN();
      } else {
        assertThat(Halves.of(value)).isEqualTo(half);
      }
    }
  }

  @Test
  void floatsAreRoundedAsLibtorchRoundsThem() {
    NativeTorch.load();
    Random random = new Random(3);
    float[] values = new float[200_000];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          i % 2 == 0
              ? Float.intBitsToFloat(random.nextInt())
              : (float) (random.nextGaussian() * Math.pow(2, random.nextInt(40) - 26));
    }
    values[0] = 65519.996f;
    values[1] = 65520;
    values[2] = 0x1p-25f;
    values[3] = 0x1.000002p-25f;
    float[] expected;
    try (TensorScope scope = new TensorScope()) {
      expected =
          Tensors.floats(
              Tensors.to(
                  Tensors.of(values, values.length).to(torch.ScalarType.Half), Dtype.FLOAT32));
    }
    for (int i = 0; i < values.length; i++) {
      assertThat(Float.compare(Halves.toFloat(Halves.of(values[i])), expected[i]))
          .as("%s", values[i])
          .isZero();
    }
  }
}
