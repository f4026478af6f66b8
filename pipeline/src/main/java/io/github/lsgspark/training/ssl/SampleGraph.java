package io.github.lsgspark.training.ssl;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * D^-1/2 W D^-1/2 of a graph of samples in compressed rows. W is symmetric: two samples are joined
 * if one of them is among the other's nearest.
 *
 * @param offsets [n + 1] where each sample's neighbours begin
 * @param columns the neighbours, in rising order within a row
 * @param weights of the edges; samples without an edge of positive weight have none
 */
@SuppressWarnings("ArrayRecordComponent")
record SampleGraph(long[] offsets, long[] columns, float[] weights) {

  /**
   * The nearest of each sample.
   *
   * @param columns [n,count]
   * @param cosines [n,count]
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Nearest(int[] columns, float[] cosines, int count) {}

  private record Edge(int from, int to, double weight) {}

  /**
   * @param exponent edges weigh max(0, cosine) to its power
   */
  static SampleGraph of(Nearest nearest, int samples, double exponent) {
    Edge[] edges = new Edge[2 * nearest.columns().length];
    for (int place = 0; place < nearest.columns().length; place++) {
      int from = place / nearest.count();
      int to = nearest.columns()[place];
      double weight = Math.pow(Math.max(0, nearest.cosines()[place]), exponent);
      edges[2 * place] = new Edge(from, to, weight);
      edges[2 * place + 1] = new Edge(to, from, weight);
    }
    Arrays.parallelSort(
        edges,
        (a, b) -> a.from() != b.from() ? Integer.compare(a.from(), b.from()) : a.to() - b.to());
    Edge[] once =
        IntStream.range(0, edges.length)
            .filter(i -> edges[i].weight() > 0)
            .filter(i -> i == 0 || !same(edges[i - 1], edges[i]))
            .mapToObj(i -> edges[i])
            .toArray(Edge[]::new);
    double[] degrees = new double[samples];
    long[] offsets = new long[samples + 1];
    for (Edge edge : once) {
      degrees[edge.from()] += edge.weight();
      offsets[edge.from() + 1]++;
    }
    Arrays.parallelPrefix(offsets, Long::sum);
    long[] columns = new long[once.length];
    float[] weights = new float[once.length];
    for (int i = 0; i < once.length; i++) {
      Edge edge = once[i];
      columns[i] = edge.to();
      weights[i] = (float) (edge.weight() / Math.sqrt(degrees[edge.from()] * degrees[edge.to()]));
    }
    return new SampleGraph(offsets, columns, weights);
  }

  private static boolean same(Edge a, Edge b) {
    return a.from() == b.from() && a.to() == b.to();
  }
}
