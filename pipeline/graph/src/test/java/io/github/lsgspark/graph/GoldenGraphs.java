package io.github.lsgspark.graph;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.golden.GoldenCase;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/** Graphs built by our selection from a golden case's texts. */
public final class GoldenGraphs {
  private GoldenGraphs() {}

  static SparkSession spark() {
    return LocalSpark.session();
  }

  static GraphSettings settings(String hocon) {
    return SettingsLoader.parse("graph { block-rows = 128, " + hocon + " }").graph();
  }

  static CsrMatrix select(
      GoldenCase golden, double[] text, GraphSettings settings, boolean forceSameClass) {
    int n = golden.param("N");
    int d = golden.param("D");
    int p = golden.param("P");
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      float[] vector = new float[d];
      for (int j = 0; j < d; j++) {
        vector[j] = (float) text[i * d + j];
      }
      rows.add(RowFactory.create(i, i / p, "label " + i / p, i % p, vector));
    }
    NodeBlocks nodes =
        NodeBlocks.of(spark().createDataFrame(rows, NodeTable.SCHEMA), settings.blockRows());
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark().sparkContext());
    List<Edge> edges =
        new EdgeSelector(context, settings).select(nodes, forceSameClass).edges().collect();
    return CsrMatrix.of(
        n,
        edges.stream().mapToInt(Edge::source).toArray(),
        edges.stream().mapToInt(Edge::target).toArray(),
        edges.stream().mapToDouble(Edge::weight).toArray());
  }

  /** gen_A2Plus of any texts, normalised. */
  public static CsrMatrix normalizedA2Plus(GoldenCase golden, double[] text) {
    GraphSettings settings =
        settings("selection = global-ratio, edge-ratio = " + golden.decimal("edge_ratio"));
    return select(golden, text, settings, true).normalized(i -> "node " + i);
  }
}
