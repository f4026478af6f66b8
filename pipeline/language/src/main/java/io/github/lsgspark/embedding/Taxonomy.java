package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.LabelTree;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.TextLines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;

/**
 * How classes relate, told by people: a tree, or a graph without cycles. A file holds either an
 * outline, one name a line, deeper ones indented further by dashes or blanks, or lines {@code
 * parent TAB child}. Names are compared as labels are, without case.
 */
final class Taxonomy {
  /** Of each node, its parents; nodes of an outline are its lines, so a name may occur twice. */
  private final List<Set<Integer>> parents = new ArrayList<>();

  private final Map<String, List<Integer>> nodesByName = new LinkedHashMap<>();
  private final Map<Integer, Integer> depths = new HashMap<>();

  private Taxonomy() {}

  /**
   * @param file empty: none
   * @throws LsgException exit 3 with file and line for a line that is not of the format
   */
  static Optional<Taxonomy> load(String file, Configuration hadoop) {
    return file.isEmpty()
        ? Optional.empty()
        : Optional.of(parse(TextLines.read(file, hadoop), file));
  }

  static Taxonomy parse(List<String> lines, String file) {
    Taxonomy taxonomy = new Taxonomy();
    if (lines.stream().anyMatch(line -> line.indexOf('\t') > 0)) {
      taxonomy.readPairs(lines, file);
    } else {
      taxonomy.readOutline(lines);
    }
    taxonomy.refuseCycles(file);
    return taxonomy;
  }

  private void readPairs(List<String> lines, String file) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      String[] pair = lines.get(i).split("\t", -1);
      if (pair.length != 2 || pair[0].isBlank() || pair[1].isBlank()) {
        throw LsgException.input(
            file + ":" + (i + 1) + ": must be parent TAB child, but was: " + lines.get(i));
      }
      int parent = nodesByName.computeIfAbsent(key(pair[0]), this::newNode).get(0);
      int child = nodesByName.computeIfAbsent(key(pair[1]), this::newNode).get(0);
      parents.get(child).add(parent);
    }
  }

  private List<Integer> newNode(String unused) {
    parents.add(new TreeSet<>());
    return new ArrayList<>(List.of(parents.size() - 1));
  }

  private void readOutline(List<String> lines) {
    Deque<int[]> open = new ArrayDeque<>();
    for (String line : lines) {
      String name = line.replaceFirst("^[-\\s]+", "").strip();
      if (name.isEmpty()) {
        continue;
      }
      int indent = line.indexOf(name);
      while (!open.isEmpty() && open.peek()[0] >= indent) {
        open.pop();
      }
      int node = newNode(name).get(0);
      if (!open.isEmpty()) {
        parents.get(node).add(open.peek()[1]);
      }
      nodesByName.computeIfAbsent(key(name), unused -> new ArrayList<>()).add(node);
      open.push(new int[] {indent, node});
    }
  }

  private void refuseCycles(String file) {
    for (Map.Entry<String, List<Integer>> entry : nodesByName.entrySet()) {
      for (int node : entry.getValue()) {
        depth(node, new TreeSet<>(), file, entry.getKey());
      }
    }
  }

  /** Nodes on the shortest way from a root, the node itself counted. */
  private int depth(int node, Set<Integer> below, String file, String name) {
    Integer known = depths.get(node);
    if (known != null) {
      return known;
    }
    if (!below.add(node)) {
      throw LsgException.input(file + ": \"" + name + "\" is its own ancestor");
    }
    int depth = 1;
    if (!parents.get(node).isEmpty()) {
      depth = Integer.MAX_VALUE;
      for (int parent : parents.get(node)) {
        depth = Math.min(depth, 1 + depth(parent, below, file, name));
      }
    }
    below.remove(node);
    depths.put(node, depth);
    return depth;
  }

  /** How labels relate by it. */
  LabelTree tree(LabelSet labels) {
    return LabelTree.of(
        labels.labels().stream().map(label -> ancestors(label, labels)).toList(), depths::get);
  }

  /** A label's ancestors and itself, with the steps up to each; it is known by any of its names. */
  private Map<Integer, Integer> ancestors(Label label, LabelSet labels) {
    Map<Integer, Integer> steps = new HashMap<>();
    Deque<Integer> frontier = new ArrayDeque<>();
    for (int node : nodes(label.name(), label.text(), labels.source(label.id()))) {
      steps.put(node, 0);
      frontier.add(node);
    }
    while (!frontier.isEmpty()) {
      int node = frontier.poll();
      for (int parent : parents.get(node)) {
        if (!steps.containsKey(parent)) {
          steps.put(parent, steps.get(node) + 1);
          frontier.add(parent);
        }
      }
    }
    return steps;
  }

  private List<Integer> nodes(String... names) {
    return Arrays.stream(names)
        .map(name -> nodesByName.get(key(name)))
        .filter(Objects::nonNull)
        .findFirst()
        .orElse(List.of());
  }

  private static String key(String name) {
    return Label.foldedTextOf(name);
  }
}
