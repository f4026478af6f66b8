package io.github.lsgspark.gcn;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NamePrefixes;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.torch.SoundWeights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
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
    Map<String, HostArray> named = named(arrays);
    GcnWeights weights = new GcnWeights(named.get(FIRST), named.get(SECOND));
    requireShape(
        named.keySet(), FIRST, shape(weights.first), new long[] {dimension, dimension}, source);
    requireShape(
        named.keySet(), SECOND, shape(weights.second), new long[] {dimension, classes}, source);
    weights.arrays().forEach((name, array) -> SoundWeights.require(name, array, source));
    return weights;
  }

  /**
   * Holds a file's header against what is known of the graph before it is made.
   *
   * @param classes empty where only the samples will tell them
   * @throws LsgException exit 3 if weights are missing, of another type, or of shapes that cannot
   *     fit
   */
  public static void requireFit(
      Map<String, Safetensors.Entry> entries, OptionalInt classes, String source) {
    Map<String, Safetensors.Entry> named = named(entries);
    long[] first = shape(named.get(FIRST));
    long[] second = shape(named.get(SECOND));
    long d = first == null || first.length == 0 ? 0 : first[0];
    long c = classes.orElse(second == null || second.length != 2 ? 0 : (int) second[1]);
    requireShape(named.keySet(), FIRST, first, new long[] {d, d}, source);
    requireShape(named.keySet(), SECOND, second, new long[] {d, c}, source);
    for (String name : List.of(FIRST, SECOND)) {
      SoundWeights.requireFloat(name, named.get(name).dtype(), source);
    }
  }

  private static <T> Map<String, T> named(Map<String, T> arrays) {
    return NamePrefixes.candidates(arrays).stream()
        .map(NamePrefixes.Stripped::arrays)
        .filter(candidate -> candidate.keySet().containsAll(List.of(FIRST, SECOND)))
        .findFirst()
        .orElse(arrays);
  }

  private static long[] shape(HostArray array) {
    return array == null ? null : array.shape();
  }

  private static long[] shape(Safetensors.Entry entry) {
    return entry == null ? null : entry.shape();
  }

  private static void requireShape(
      Set<String> names, String name, long[] shape, long[] needed, String source) {
    if (shape == null) {
      throw LsgException.input(source + ": has no tensor " + name + ", only " + names);
    }
    if (!Arrays.equals(shape, needed)) {
      throw LsgException.input(
          source
              + ": tensor "
              + name
              + " has shape "
              + Arrays.toString(shape)
              + ", but the graph needs "
              + Arrays.toString(needed));
    }
  }

  /** The arrays under their public names. */
  public LinkedHashMap<String, HostArray> arrays() {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    arrays.put(FIRST, first);
    arrays.put(SECOND, second);
    return arrays;
  }
}
