package io.github.lsgspark.graph;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import scala.Tuple3;

/** Edges of a partition on their way to the driver: 16 bytes each. */
record EdgeChunk(int[] sources, int[] targets, double[] weights) implements Serializable {

  /** Edges {@code src, dst, weight} of N nodes as a matrix on the driver. */
  static CsrMatrix matrix(Dataset<Row> edges, int nodes) {
    List<EdgeChunk> chunks =
        edges
            .selectExpr("cast(src as int)", "cast(dst as int)", "cast(weight as double)")
            .as(Encoders.tuple(Encoders.INT(), Encoders.INT(), Encoders.DOUBLE()))
            .javaRDD()
            .mapPartitions(rows -> List.of(EdgeChunk.of(rows)).iterator())
            .collect();
    int total = 0;
    for (EdgeChunk chunk : chunks) {
      total = Math.addExact(total, chunk.sources.length);
    }
    int[] sources = new int[total];
    int[] targets = new int[total];
    double[] weights = new double[total];
    int at = 0;
    for (EdgeChunk chunk : chunks) {
      int size = chunk.sources.length;
      System.arraycopy(chunk.sources, 0, sources, at, size);
      System.arraycopy(chunk.targets, 0, targets, at, size);
      System.arraycopy(chunk.weights, 0, weights, at, size);
      at += size;
    }
    return CsrMatrix.of(nodes, sources, targets, weights);
  }

  private static EdgeChunk of(Iterator<Tuple3<Integer, Integer, Double>> rows) {
    List<Tuple3<Integer, Integer, Double>> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    return new EdgeChunk(
        all.stream().mapToInt(Tuple3::_1).toArray(),
        all.stream().mapToInt(Tuple3::_2).toArray(),
        all.stream().mapToDouble(Tuple3::_3).toArray());
  }
}
