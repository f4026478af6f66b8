package io.github.lsgspark.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a graph looks like, for metrics.json: how many edges and between what, the degrees, how far
 * it hangs together, and the nodes with the most neighbours (hubs, to which too much is similar).
 */
final class GraphFacts {
  private static final int HUBS = 5;

  private GraphFacts() {}

  /**
   * @param classes class of each node
   * @param threshold smallest similarity kept; NaN for knn
   * @param names how to call some nodes
   */
  static Map<String, Object> of(
      CsrMatrix matrix,
      int[] classes,
      double threshold,
      Function<List<Integer>, Map<Integer, String>> names) {
    int[] neighbours = new int[matrix.size()];
    int[] component = IntStream.range(0, matrix.size()).toArray();
    long crossClass = 0;
    for (int i = 0; i < matrix.size(); i++) {
      for (int e = matrix.rowOffsets()[i]; e < matrix.rowOffsets()[i + 1]; e++) {
        int j = matrix.columns()[e];
        neighbours[i] += j == i ? 0 : 1;
        crossClass += classes[j] == classes[i] ? 0 : 1;
        component[root(component, i)] = root(component, j);
      }
    }
    int[] sizes = new int[matrix.size()];
    for (int i = 0; i < component.length; i++) {
      sizes[root(component, i)]++;
    }
    double[] degrees = matrix.rowSums();
    int[] sorted = Arrays.stream(neighbours).sorted().toArray();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("edges", matrix.entries());
    facts.put("cross_class_edges", crossClass);
    facts.put("isolated_nodes", Arrays.stream(neighbours).filter(n -> n == 0).count());
    facts.put("components", Arrays.stream(sizes).filter(size -> size > 0).count());
    facts.put("largest_component", Arrays.stream(sizes).max().orElse(0));
    facts.put("threshold", threshold);
    facts.put("degree_min", Arrays.stream(degrees).min().orElse(Double.NaN));
    facts.put("degree_mean", Arrays.stream(degrees).average().orElse(Double.NaN));
    facts.put("degree_max", Arrays.stream(degrees).max().orElse(Double.NaN));
    facts.put("neighbours_median", sorted.length == 0 ? 0 : sorted[sorted.length / 2]);
    facts.put("neighbours_max", sorted.length == 0 ? 0 : sorted[sorted.length - 1]);
    facts.put("hubs", hubs(neighbours, names));
    return facts;
  }

  private static int root(int[] component, int node) {
    int root = node;
    while (component[root] != root) {
      component[root] = component[component[root]];
      root = component[root];
    }
    return root;
  }

  private static List<Map<String, Object>> hubs(
      int[] neighbours, Function<List<Integer>, Map<Integer, String>> names) {
    List<Integer> most =
        IntStream.range(0, neighbours.length)
            .boxed()
            .sorted(
                Comparator.comparingInt((Integer node) -> -neighbours[node])
                    .thenComparing(node -> node))
            .limit(HUBS)
            .filter(node -> neighbours[node] > 0)
            .toList();
    Map<Integer, String> called = names.apply(most);
    List<Map<String, Object>> hubs = new ArrayList<>();
    for (int node : most) {
      Map<String, Object> hub = new LinkedHashMap<>();
      hub.put("node", node);
      hub.put("name", called.get(node));
      hub.put("neighbours", neighbours[node]);
      hubs.add(hub);
    }
    return hubs;
  }
}
