package io.github.lsgspark.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The class graph of {@link ClassDistances} with lengths: an edge is as long as the straight way
 * between both classes ({@link ClassDistances#chord}). Where it has several parts, the shortest
 * edges that make one of them are added. The lengths of its shortest paths are a metric, that of
 * Isomap (Tenenbaum, de Silva, Langford, Science 2000). Safe for several threads once built.
 */
final class ClassGraph {

  /** An edge seen from one of its ends. */
  private record Edge(int to, double length) {}

  /** A class that a path reaches. */
  private record Reached(int label, double length) {}

  private final ClassDistances distances;
  private final List<List<Edge>> edges = new ArrayList<>();

  ClassGraph(ClassDistances distances) {
    this.distances = distances;
    for (int c = 0; c < distances.size(); c++) {
      List<Edge> own = new ArrayList<>();
      for (int other : distances.neighboursOf(c)) {
        own.add(new Edge(other, distances.chord(c, other)));
      }
      edges.add(own);
    }
    joinParts();
  }

  /** Lengths of the shortest paths from a class to all (Dijkstra). */
  double[] pathsFrom(int from) {
    double[] lengths = new double[edges.size()];
    Arrays.fill(lengths, Double.POSITIVE_INFINITY);
    lengths[from] = 0;
    PriorityQueue<Reached> queue =
        new PriorityQueue<>((a, b) -> Double.compare(a.length(), b.length()));
    queue.add(new Reached(from, 0));
    while (!queue.isEmpty()) {
      Reached reached = queue.remove();
      if (reached.length() > lengths[reached.label()]) {
        continue;
      }
      for (Edge edge : edges.get(reached.label())) {
        double length = reached.length() + edge.length();
        if (length < lengths[edge.to()]) {
          lengths[edge.to()] = length;
          queue.add(new Reached(edge.to(), length));
        }
      }
    }
    return lengths;
  }

  /** Prim's algorithm over whole parts, from that of class 0 on. */
  private void joinParts() {
    int size = edges.size();
    boolean[] joined = new boolean[size];
    double[] length = new double[size];
    Arrays.fill(length, Double.POSITIVE_INFINITY);
    int[] nearest = new int[size];
    int next = 0;
    while (next >= 0) {
      if (length[next] < Double.POSITIVE_INFINITY) {
        edges.get(next).add(new Edge(nearest[next], length[next]));
        edges.get(nearest[next]).add(new Edge(next, length[next]));
      }
      List<Integer> part = partOf(next, joined);
      next = -1;
      for (int c = 0; c < size; c++) {
        if (!joined[c]) {
          for (int member : part) {
            double chord = distances.chord(member, c);
            if (chord < length[c]) {
              length[c] = chord;
              nearest[c] = member;
            }
          }
          next = next < 0 || length[c] < length[next] ? c : next;
        }
      }
    }
  }

  /** Marks what edges lead to from a class, and lists it. */
  private List<Integer> partOf(int from, boolean[] joined) {
    List<Integer> part = new ArrayList<>();
    part.add(from);
    joined[from] = true;
    for (int i = 0; i < part.size(); i++) {
      for (Edge edge : edges.get(part.get(i))) {
        if (!joined[edge.to()]) {
          joined[edge.to()] = true;
          part.add(edge.to());
        }
      }
    }
    return part;
  }
}
