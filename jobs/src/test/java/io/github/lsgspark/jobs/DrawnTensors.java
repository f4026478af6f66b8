package io.github.lsgspark.jobs;

import io.github.lsgspark.torch.HostArray;
import java.util.Map;
import java.util.Random;

/** Tensors of drawn numbers for models that tests write. */
final class DrawnTensors {
  private final Map<String, HostArray> tensors;
  private final Random random;

  /**
   * @param tensors takes what is drawn
   */
  DrawnTensors(Map<String, HostArray> tensors, int seed) {
    this.tensors = tensors;
    this.random = new Random(seed);
  }

  /** A weight of a shape, and a bias as long as its first side. */
  void linear(String name, long... shape) {
    put(name + ".weight", shape);
    put(name + ".bias", shape[0]);
  }

  /** One tensor. */
  void put(String name, long... shape) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) (0.3 * random.nextGaussian());
    }
    tensors.put(name, HostArray.of(values, shape));
  }
}
