package io.github.lsgspark.graph;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * How labels relate by a taxonomy, a tree or a graph without cycles. Labels that it does not name
 * relate to none. Immutable.
 */
public final class LabelTree implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The file of the embed stage that holds it. */
  public static final String FILE = "taxonomy.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of each label its ancestors and itself, with the steps up to each. */
  private final ArrayList<Map<Integer, Integer>> ancestors;

  /** Nodes on the shortest way from a root to each node, both counted. */
  private final int[] depths;

  /** The most steps up to each node from a label. */
  private final int[] heights;

  private LabelTree(List<Map<Integer, Integer>> ancestors, int[] depths) {
    this.ancestors = new ArrayList<>(ancestors);
    this.depths = depths;
    this.heights = new int[depths.length];
    ancestors.forEach(
        own -> own.forEach((node, steps) -> heights[node] = Math.max(heights[node], steps)));
  }

  /**
   * A tree of what labels descend from.
   *
   * @param ancestors of each label, in order: its ancestors and itself, with the fewest steps up to
   *     each; empty for a label that the taxonomy does not name
   * @param depth nodes on the shortest way from a root to a node, both counted
   */
  public static <N> LabelTree of(List<Map<N, Integer>> ancestors, ToIntFunction<N> depth) {
    Map<N, Integer> numbers = new HashMap<>();
    List<Integer> depths = new ArrayList<>();
    List<Map<Integer, Integer>> numbered = new ArrayList<>();
    for (Map<N, Integer> one : ancestors) {
      Map<Integer, Integer> own = new HashMap<>();
      one.forEach(
          (node, steps) -> {
            Integer number = numbers.get(node);
            if (number == null) {
              number = depths.size();
              numbers.put(node, number);
              depths.add(depth.applyAsInt(node));
            }
            own.put(number, steps);
          });
      numbered.add(own);
    }
    return new LabelTree(numbered, depths.stream().mapToInt(Integer::intValue).toArray());
  }

  /**
   * The same relations between other labels.
   *
   * @param places where each label goes
   */
  LabelTree moved(int[] places) {
    List<Map<Integer, Integer>> moved = new ArrayList<>(ancestors);
    for (int label = 0; label < places.length; label++) {
      moved.set(places[label], ancestors.get(label));
    }
    return new LabelTree(moved, depths);
  }

  /** As many labels of which none relates to another. */
  LabelTree unrelated() {
    return new LabelTree(Collections.nCopies(size(), Map.of()), new int[0]);
  }

  /** Number of labels. */
  public int size() {
    return ancestors.size();
  }

  /** Whether the taxonomy names a label. */
  public boolean contains(int label) {
    return !ancestors.get(label).isEmpty();
  }

  /**
   * Similarity of Wu and Palmer (1994) by the best common ancestor c: 2 depth(c) / (2 depth(c) +
   * steps from both to c); 0 without one.
   */
  public double similarity(int a, int b) {
    double best = 0;
    for (Map.Entry<Integer, Integer> entry : ancestors.get(a).entrySet()) {
      Integer other = ancestors.get(b).get(entry.getKey());
      if (other != null) {
        double depth = 2.0 * depths[entry.getKey()];
        best = Math.max(best, depth / (depth + entry.getValue() + other));
      }
    }
    return best;
  }

  /** Whether two labels have a parent in common. */
  public boolean siblings(int a, int b) {
    return ancestors.get(a).entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue() == 1
                    && Integer.valueOf(1).equals(ancestors.get(b).get(entry.getKey())));
  }

  /**
   * How grave it is to take one label for another: the height of their lowest common ancestor, in
   * steps from the label below it that is the farthest down (Bertinetto et al. 2020, Making Better
   * Mistakes).
   *
   * @return NaN if they have no ancestor in common
   */
  public double severity(int a, int b) {
    return ancestors.get(a).keySet().stream()
        .filter(ancestors.get(b)::containsKey)
        .mapToDouble(node -> heights[node])
        .min()
        .orElse(Double.NaN);
  }

  /** The content of {@link #FILE}. */
  public String toJson() {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode nodes = root.putArray("depths");
    for (int depth : depths) {
      nodes.add(depth);
    }
    ArrayNode labels = root.putArray("labels");
    for (Map<Integer, Integer> own : ancestors) {
      ObjectNode steps = labels.addObject();
      own.forEach((node, up) -> steps.put(Integer.toString(node), up));
    }
    return root + "\n";
  }

  /**
   * The tree that the embed stage wrote; empty if it had no taxonomy.
   *
   * @throws LsgException exit 3 if the file is not what {@link #toJson()} makes
   */
  public static Optional<LabelTree> read(HadoopFiles files, String embedDir) {
    String file = HadoopFiles.path(embedDir, FILE);
    return files.exists(file)
        ? Optional.of(parse(new String(files.read(file), StandardCharsets.UTF_8), file))
        : Optional.empty();
  }

  static LabelTree parse(String text, String file) {
    JsonNode root;
    try {
      root = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw LsgException.input(file + ": is not JSON: " + e.getOriginalMessage(), e);
    }
    int[] depths = new int[root.path("depths").size()];
    for (int node = 0; node < depths.length; node++) {
      depths[node] = root.path("depths").get(node).asInt();
    }
    List<Map<Integer, Integer>> ancestors = new ArrayList<>();
    for (JsonNode label : root.path("labels")) {
      Map<Integer, Integer> own = new HashMap<>();
      label
          .fields()
          .forEachRemaining(
              field -> own.put(node(field.getKey(), depths, file), field.getValue().asInt()));
      ancestors.add(own);
    }
    return new LabelTree(ancestors, depths);
  }

  private static int node(String number, int[] depths, String file) {
    if (!number.matches("\\d{1,9}") || Integer.parseInt(number) >= depths.length) {
      throw LsgException.input(file + ": there is no node " + number);
    }
    return Integer.parseInt(number);
  }
}
