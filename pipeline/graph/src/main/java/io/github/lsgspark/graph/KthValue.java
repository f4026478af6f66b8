package io.github.lsgspark.graph;

import io.github.lsgspark.graph.search.ClassMembers;
import io.github.lsgspark.graph.search.NodeBlocks;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The k-th smallest entry of the full N x N similarity matrix (1-based, both triangles and the
 * diagonal counted, as torch.kthvalue of the flattened matrix), found without holding N² values:
 * passes over the blocks narrow the range by histograms, and a last pass counts the distinct values
 * that are left. Exact, ties included.
 */
final class KthValue {
  private static final int BINS = 1 << 14;
  private static final long DISTINCT_LIMIT = 1 << 18;
  private static final int MAX_PASSES = 5;

  private KthValue() {}

  /** Values whose bin in [low, low + BINS / scale) is {@code bin}. */
  private record Slice(double low, double scale, int bin) implements Serializable {
    boolean holds(double value) {
      return binOf(value, low, scale) == bin;
    }
  }

  private static int binOf(double value, double low, double scale) {
    double position = (value - low) * scale;
    return position <= 0 ? 0 : position >= BINS - 1 ? BINS - 1 : (int) position;
  }

  /**
   * @param k in [1, N²]
   * @param maskSameClass same-class entries, diagonal included, take part as zeros (gen_A2Plus)
   */
  static double find(SimilarityBlocks similarities, long k, boolean maskSameClass) {
    long zeros = maskSameClass ? sameClassPairs(similarities.nodes()) : 0;
    List<Slice> slices = new ArrayList<>();
    double low = -1.0 - 1e-9;
    double high = 1.0 + 1e-9;
    long below = 0;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      double scale = BINS / (high - low);
      long[] counts = histogram(similarities, slices, low, scale, maskSameClass);
      if (zeros > 0 && slices.stream().allMatch(slice -> slice.holds(0))) {
        counts[binOf(0, low, scale)] += zeros;
      }
      int bin = 0;
      while (below + counts[bin] < k) {
        below += counts[bin++];
      }
      slices.add(new Slice(low, scale, bin));
      double width = (high - low) / BINS;
      high = low + (bin + 1) * width;
      low = low + bin * width;
      if (counts[bin] <= DISTINCT_LIMIT) {
        break;
      }
    }
    TreeMap<Double, Long> distinct = new TreeMap<>(counts(similarities, slices, maskSameClass));
    if (zeros > 0 && slices.stream().allMatch(slice -> slice.holds(0))) {
      distinct.merge(0.0, zeros, Long::sum);
    }
    for (Map.Entry<Double, Long> entry : distinct.entrySet()) {
      below += entry.getValue();
      if (below >= k) {
        return entry.getKey();
      }
    }
    throw new IllegalStateException("no value of rank " + k);
  }

  private static long[] histogram(
      SimilarityBlocks similarities, List<Slice> slices, double low, double scale, boolean mask) {
    List<Slice> within = List.copyOf(slices);
    return similarities
        .pairs()
        .mapPartitions(
            pairs -> {
              long[] counts = new long[BINS];
              int[] classes = similarities.nodes().classes();
              pairs.forEachRemaining(
                  pair ->
                      similarities.visit(
                          pair,
                          (i, j, value) -> {
                            if (counted(classes, within, mask, i, j, value)) {
                              counts[binOf(value, low, scale)] += i == j ? 1 : 2;
                            }
                          }));
              return List.of(counts).iterator();
            })
        .treeReduce(
            (a, b) -> {
              long[] sum = a.clone();
              for (int i = 0; i < BINS; i++) {
                sum[i] += b[i];
              }
              return sum;
            });
  }

  private static Map<Double, Long> counts(
      SimilarityBlocks similarities, List<Slice> slices, boolean mask) {
    List<Slice> within = List.copyOf(slices);
    return similarities
        .pairs()
        .mapPartitions(
            pairs -> {
              HashMap<Double, Long> counts = new HashMap<>();
              int[] classes = similarities.nodes().classes();
              pairs.forEachRemaining(
                  pair ->
                      similarities.visit(
                          pair,
                          (i, j, value) -> {
                            if (counted(classes, within, mask, i, j, value)) {
                              counts.merge(value + 0.0, i == j ? 1L : 2L, Long::sum);
                            }
                          }));
              return List.of(counts).iterator();
            })
        .treeReduce(
            (a, b) -> {
              HashMap<Double, Long> sum = new HashMap<>(a);
              b.forEach((value, count) -> sum.merge(value, count, Long::sum));
              return sum;
            });
  }

  private static boolean counted(
      int[] classes, List<Slice> slices, boolean mask, int i, int j, double value) {
    if (mask && classes[i] == classes[j]) {
      return false;
    }
    for (Slice slice : slices) {
      if (!slice.holds(value)) {
        return false;
      }
    }
    return true;
  }

  /** Ordered pairs of nodes of one class, self pairs included: C P² for P prompts each. */
  private static long sameClassPairs(NodeBlocks nodes) {
    ClassMembers members = new ClassMembers(nodes.classes());
    long pairs = 0;
    for (int c = 0; c < members.count(); c++) {
      long size = members.of(c).length;
      pairs += size * size;
    }
    return pairs;
  }
}
