package io.github.lsgspark.backbone;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/** Values that tensors begin with. */
final class InitialValues {
  private InitialValues() {}

  static HostArray constant(long[] shape, float value) {
    float[] values = new float[size(shape)];
    Arrays.fill(values, value);
    return HostArray.of(values, shape);
  }

  /**
   * Random values.
   *
   * @param name of the parameter, which decides together with the seed
   * @param draw gives one value after the other
   */
  static HostArray drawn(
      String name, long[] shape, long seed, ToDoubleFunction<SplittableRandom> draw) {
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "backbone", name));
    float[] values = new float[size(shape)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) draw.applyAsDouble(random);
    }
    return HostArray.of(values, shape);
  }

  /** Numbers in a tensor. */
  static int size(long[] shape) {
    return (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }
}
