package io.github.lsgspark.graph.search;

import java.util.Arrays;

/** Which nodes are of a class, for all classes that have any. */
public final class ClassMembers {
  private final int[] labels;
  private final int[] offsets;
  private final int[] members;

  /**
   * @param classes class of each node, at least 0, in any order and with gaps
   */
  public ClassMembers(int[] classes) {
    int[] sizes = new int[1 + Arrays.stream(classes).max().orElse(-1)];
    for (int label : classes) {
      sizes[label]++;
    }
    int[] places = new int[sizes.length];
    int used = 0;
    for (int label = 0; label < sizes.length; label++) {
      places[label] = sizes[label] > 0 ? used++ : -1;
    }
    labels = new int[used];
    offsets = new int[used + 1];
    for (int label = 0; label < sizes.length; label++) {
      if (sizes[label] > 0) {
        labels[places[label]] = label;
        offsets[places[label] + 1] = sizes[label];
      }
    }
    Arrays.parallelPrefix(offsets, Integer::sum);
    members = new int[classes.length];
    int[] next = Arrays.copyOf(offsets, used);
    for (int node = 0; node < classes.length; node++) {
      members[next[places[classes[node]]]++] = node;
    }
  }

  /** Number of classes that have nodes. */
  public int count() {
    return labels.length;
  }

  /** Label number of a class; classes are numbered in the order of their labels. */
  public int label(int number) {
    return labels[number];
  }

  /** The number of a label that has nodes. */
  public int number(int label) {
    return Arrays.binarySearch(labels, label);
  }

  /** Nodes of a class, ascending. */
  public int[] of(int number) {
    return Arrays.copyOfRange(members, offsets[number], offsets[number + 1]);
  }
}
