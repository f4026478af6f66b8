package io.github.lsgspark.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An order of classes in which those of similar names lie next to each other: the leaves of an
 * average-linkage clustering (Sokal and Michener 1958), each merge turned so that the classes that
 * come to touch are as similar as can be.
 */
final class SemanticOrder {
  private SemanticOrder() {}

  /**
   * Orders classes, in time that grows with the cube of their number.
   *
   * @param similarity [classes, classes], symmetric
   * @return the numbers 0 to classes - 1
   */
  static List<Integer> of(double[][] similarity) {
    List<List<Integer>> clusters = new ArrayList<>();
    for (int c = 0; c < similarity.length; c++) {
      clusters.add(List.of(c));
    }
    while (clusters.size() > 1) {
      int first = 0;
      int second = 1;
      double best = Double.NEGATIVE_INFINITY;
      for (int a = 0; a < clusters.size(); a++) {
        for (int b = a + 1; b < clusters.size(); b++) {
          double mean = mean(similarity, clusters.get(a), clusters.get(b));
          if (mean > best) {
            best = mean;
            first = a;
            second = b;
          }
        }
      }
      List<Integer> right = clusters.remove(second);
      clusters.set(first, joined(similarity, clusters.get(first), right));
    }
    return clusters.isEmpty() ? List.of() : clusters.get(0);
  }

  private static double mean(double[][] similarity, List<Integer> a, List<Integer> b) {
    double sum = 0;
    for (int i : a) {
      for (int j : b) {
        sum += similarity[i][j];
      }
    }
    return sum / ((double) a.size() * b.size());
  }

  private static List<Integer> joined(double[][] similarity, List<Integer> a, List<Integer> b) {
    List<Integer> best = List.of();
    double nearest = Double.NEGATIVE_INFINITY;
    for (List<Integer> left : List.of(a, reversed(a))) {
      for (List<Integer> right : List.of(b, reversed(b))) {
        double touching = similarity[left.get(left.size() - 1)][right.get(0)];
        if (touching > nearest) {
          nearest = touching;
          best = new ArrayList<>(left);
          best.addAll(right);
        }
      }
    }
    return best;
  }

  private static List<Integer> reversed(List<Integer> list) {
    List<Integer> reversed = new ArrayList<>(list);
    Collections.reverse(reversed);
    return reversed;
  }
}
