package io.github.lsgspark.graph.search;

import io.github.lsgspark.config.Seeds;
import io.github.lsgspark.config.SystemBlas;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.clustering.KMeans;
import org.apache.spark.mllib.linalg.Vector;
import org.apache.spark.mllib.linalg.Vectors;

/**
 * Cuts the space of directions into cells, so that most neighbours of a node lie in its own cell or
 * one of the next: the centres are those of MLlib's k-means over a sample of the nodes.
 *
 * @param centres unit vectors, row-major [cells, D]
 */
record IvfPartition(float[] centres, int dimension) implements Serializable {
  private static final int SAMPLES_PER_CELL = 128;
  private static final int LARGEST_SAMPLE = 50_000;
  private static final int ITERATIONS = 20;

  static IvfPartition of(JavaSparkContext spark, NodeBlocks nodes, int wanted, long seed) {
    int[] sample =
        NodeSample.of(
            nodes.count(),
            Math.min(LARGEST_SAMPLE, wanted * SAMPLES_PER_CELL),
            Seeds.derive(seed, "cells"));
    float[] vectors = NodeSample.unitVectors(spark, nodes, sample);
    int d = nodes.dimension();
    List<Vector> rows = new ArrayList<>();
    for (int row = 0; row < sample.length; row++) {
      double[] vector = new double[d];
      for (int i = 0; i < d; i++) {
        vector[i] = vectors[row * d + i];
      }
      rows.add(Vectors.dense(vector));
    }
    SystemBlas.keepOut();
    // One partition: sums do not depend on which task ends first.
    Vector[] means =
        KMeans.train(
                spark.parallelize(rows, 1).cache().rdd(),
                wanted,
                ITERATIONS,
                KMeans.RANDOM(),
                Seeds.derive(seed, "cells", "k-means"))
            .clusterCenters();
    float[] centres = new float[means.length * d];
    for (int c = 0; c < means.length; c++) {
      double length = Vectors.norm(means[c], 2);
      for (int i = 0; i < d; i++) {
        centres[c * d + i] = (float) (length > 0 ? means[c].apply(i) / length : 0);
      }
    }
    return new IvfPartition(centres, d);
  }

  int count() {
    return centres.length / dimension;
  }

  /** For every node of a block its nearest cells, the nearest first: [count][cells]. */
  int[][] nearest(VectorBlock block, int cells) {
    float[] cosines;
    try (BlockProduct.Rows rows = Products.unit(block);
        BlockProduct.Rows others = BlockProduct.get().rows(centres, count(), dimension)) {
      cosines = rows.times(0, block.count(), others, 0, count());
    }
    int wanted = Math.min(cells, count());
    int[][] nearest = new int[block.count()][];
    for (int row = 0; row < nearest.length; row++) {
      int base = row * count();
      nearest[row] =
          IntStream.range(0, count())
              .boxed()
              .sorted((a, b) -> Float.compare(cosines[base + b], cosines[base + a]))
              .limit(wanted)
              .mapToInt(Integer::intValue)
              .toArray();
    }
    return nearest;
  }
}
