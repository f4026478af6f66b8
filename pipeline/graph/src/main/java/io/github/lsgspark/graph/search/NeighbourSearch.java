package io.github.lsgspark.graph.search;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;

/** Finds the k most similar other nodes of every node by cosine. */
public interface NeighbourSearch extends Serializable {

  /**
   * The neighbours of all nodes, best first for each node; ties go to the smaller number. A node
   * has fewer than k where there are not as many others (or, of an approximate search, where it did
   * not find them). Nothing is computed before an action on the result.
   */
  JavaRDD<Neighbour> neighbours(JavaSparkContext spark);

  /** Whether every node gets its k best, proven. */
  boolean isExact();

  /** What there is to tell after the result has been computed, for {@code metrics.json}. */
  default Map<String, Object> facts() {
    return new LinkedHashMap<>();
  }
}
