package io.github.lsgspark.training;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.torch.HostArray;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Function;

/** Random values that classifiers and projectors begin with. */
final class InitialHead {
  private static final double CLASSIFIER_DEVIATION = 0.01;

  private InitialHead() {}

  /**
   * The values of a tensor: classifiers N(0, 0.01) and zero bias as in the reference; projector
   * uniform in ±1/sqrt(inputs), PyTorch's rule for linear layers.
   *
   * @param name of the tensor, which decides together with the seed
   * @param shapes of the network's tensors by name
   */
  static HostArray values(String name, Function<String, long[]> shapes, long seed) {
    long[] shape = shapes.apply(name);
    int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    if (name.startsWith(Network.PROJECTOR + ".2.")) {
      return filled(name.endsWith("weight") ? 1 : 0, size);
    }
    float[] values = new float[size];
    SplittableRandom random = new SplittableRandom(Seeds.derive(seed, "head", name));
    if (!Network.isClassifier(name)) {
      String matrix = name.replaceFirst("bias$", "weight");
      double bound = 1 / Math.sqrt(shapes.apply(matrix)[1]);
      for (int i = 0; i < size; i++) {
        values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
      }
    } else if (name.endsWith("weight")) {
      for (int i = 0; i < size; i++) {
        values[i] = (float) (CLASSIFIER_DEVIATION * random.nextGaussian());
      }
    }
    return HostArray.of(values, shape);
  }

  /** One value at all places. */
  static HostArray filled(float value, int length) {
    float[] values = new float[length];
    Arrays.fill(values, value);
    return HostArray.of(values, length);
  }
}
