package io.github.lsgspark.graph.search;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import scala.Tuple2;

/** Some nodes, drawn without replacement. */
final class NodeSample {
  private NodeSample() {}

  /** At most {@code size} numbers below {@code count}, ascending. */
  static int[] of(int count, int size, long seed) {
    if (size >= count) {
      return IntStream.range(0, count).toArray();
    }
    return new SplittableRandom(seed).ints(0, count).distinct().limit(size).sorted().toArray();
  }

  /** The unit vectors of ascending nodes, row-major, fetched by the executors. */
  static float[] unitVectors(JavaSparkContext spark, NodeBlocks nodes, int[] ascending) {
    int d = nodes.dimension();
    float[] all = new float[Math.multiplyExact(ascending.length, d)];
    spark
        .parallelize(
            IntStream.range(0, nodes.blocks()).boxed().toList(),
            Math.min(nodes.blocks(), spark.defaultParallelism()))
        .map(b -> new Tuple2<>(b, inBlock(nodes, b, ascending)))
        .collect()
        .forEach(
            part ->
                System.arraycopy(
                    part._2(),
                    0,
                    all,
                    first(ascending, nodes.start(part._1())) * d,
                    part._2().length));
    return all;
  }

  private static float[] inBlock(NodeBlocks nodes, int b, int[] ascending) {
    int d = nodes.dimension();
    int from = first(ascending, nodes.start(b));
    int to = first(ascending, nodes.end(b));
    float[] vectors = new float[(to - from) * d];
    VectorBlock block = nodes.block(b);
    for (int i = from; i < to; i++) {
      block.copyUnit(ascending[i], vectors, (i - from) * d);
    }
    return vectors;
  }

  /** Place of the first that is not below a node. */
  private static int first(int[] ascending, int node) {
    int place = Arrays.binarySearch(ascending, node);
    return place >= 0 ? place : -place - 1;
  }
}
