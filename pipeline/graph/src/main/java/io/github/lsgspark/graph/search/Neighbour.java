package io.github.lsgspark.graph.search;

import java.io.Serializable;
import java.util.Comparator;

/**
 * One of the nodes most similar to a node.
 *
 * @param cosine in double; 0 if either vector is zero
 */
public record Neighbour(int node, int neighbour, double cosine) implements Serializable {

  /** Best first; ties go to the smaller number. */
  static final Comparator<Neighbour> BEST_FIRST =
      Comparator.comparingDouble(Neighbour::cosine)
          .reversed()
          .thenComparingInt(Neighbour::neighbour);
}
