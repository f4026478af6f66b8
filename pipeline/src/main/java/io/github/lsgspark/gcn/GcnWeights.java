package io.github.lsgspark.gcn;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NamePrefixes;
import io.github.lsgspark.torch.SoundWeights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * The two weight matrices of the GCN; no biases.
 *
 * @param first W1 [D,D], (in, out)
 * @param second W2 [D,C], (in, out)
 */
public record GcnWeights(HostArray first, HostArray second) {
  private static final String FIRST = "gc1.weight";
  private static final String SECOND = "gc2.weight";

  /**
   * The reference's initialisation: uniform in ±1/sqrt(width of the output), that is ±1/sqrt(D) for
   * W1 and ±1/sqrt(C) for W2.
   */
  public static GcnWeights initialize(int dimension, int classes, long seed) {
    return new GcnWeights(
        uniform(dimension, dimension, Seeds.derive(seed, "gcn", FIRST)),
        uniform(dimension, classes, Seeds.derive(seed, "gcn", SECOND)));
  }

  private static HostArray uniform(int in, int out, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double bound = 1 / Math.sqrt(out);
    float[] values = new float[in * out];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
    }
    return HostArray.of(values, in, out);
  }

  /**
   * Takes the weights from a safetensors file's arrays; known prefixes of their names do not count.
   *
   * @param source what to call the file in errors
   * @throws LsgException exit 3 if one is missing, of another shape or type, or not finite
   */
  public static GcnWeights of(
      Map<String, HostArray> arrays, int dimension, int classes, String source) {
    Map<String, HostArray> named =
        NamePrefixes.candidates(arrays).stream()
            .map(NamePrefixes.Stripped::arrays)
            .filter(candidate -> candidate.keySet().containsAll(List.of(FIRST, SECOND)))
            .findFirst()
            .orElse(arrays);
    return new GcnWeights(
        require(named, FIRST, source, dimension, dimension),
        require(named, SECOND, source, dimension, classes));
  }

  private static HostArray require(
      Map<String, HostArray> arrays, String name, String source, long... shape) {
    HostArray array = arrays.get(name);
    if (array == null) {
      throw LsgException.input(source + ": has no tensor " + name + ", only " + arrays.keySet());
    }
    if (!Arrays.equals(array.shape(), shape)) {
      throw LsgException.input(
          source
              + ": tensor "
              + name
              + " has shape "
              + Arrays.toString(array.shape())
              + ", but the graph needs "
              + Arrays.toString(shape));
    }
    SoundWeights.require(name, array, source);
    return array;
  }

  /** The arrays under their public names. */
  public LinkedHashMap<String, HostArray> arrays() {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    arrays.put(FIRST, first);
    arrays.put(SECOND, second);
    return arrays;
  }
}
