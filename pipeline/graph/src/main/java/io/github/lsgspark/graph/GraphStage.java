package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the semantic graphs of a run.
 *
 * <p>Writes {@code nodes/} and {@code edges/} (the graph that guides the backbone), {@code
 * training_edges/} (same nodes; the GCN's graph, with all prompts of a label joined, if
 * graph.force-same-class), {@code heldout_nodes/} and {@code heldout_edges/} (held-out prompts,
 * joined without looking at their labels), {@code nearest_labels/} (the labels most like each, also
 * as text in {@code nearest_labels.tsv}) and {@code metrics.json}.
 */
public final class GraphStage {
  static final String NODES = "nodes";
  static final String EDGES = "edges";
  static final String TRAINING_EDGES = "training_edges";
  static final String HELDOUT_NODES = "heldout_nodes";
  static final String HELDOUT_EDGES = "heldout_edges";
  static final String NEAREST_LABELS = "nearest_labels";

  private static final int NEAREST = 5;

  private static final Logger LOG = LoggerFactory.getLogger(GraphStage.class);

  private GraphStage() {}

  /**
   * Runs the stage.
   *
   * @param embedDir output of the embed stage
   * @return what was counted
   */
  public static Map<String, Object> run(
      SparkSession spark, Settings settings, String embedDir, String outDir) {
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "graph")) {
      return run(job, spark, settings, embedDir, outDir);
    }
  }

  private static Map<String, Object> run(
      JobDescription job, SparkSession spark, Settings settings, String embedDir, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    Optional<LabelTree> tree = tree(files, settings, embedDir);
    job.now("number the prompts as nodes");
    Dataset<Row> table = EmbeddingTable.read(spark, embedDir);
    Map<String, Object> metrics = new LinkedHashMap<>();
    write(nodes(spark, settings, table, "train"), outDir, NODES);
    Dataset<Row> nodes = NodeTable.read(spark, outDir, NODES);
    NodeBlocks blocks = NodeBlocks.of(nodes, settings.graph().blockRows());
    metrics.put("nodes", blocks.count());
    metrics.put("graph", edges(job, nodes, blocks, settings, tree, false, outDir, EDGES));
    if (settings.graph().forceSameClass()) {
      metrics.put(
          "training_graph",
          edges(job, nodes, blocks, settings, tree, true, outDir, TRAINING_EDGES));
    }
    if (settings.prompts().heldout() > 0) {
      job.now("number the held-out prompts as nodes");
      write(nodes(spark, settings, table, "heldout"), outDir, HELDOUT_NODES);
      Dataset<Row> heldout = NodeTable.read(spark, outDir, HELDOUT_NODES);
      NodeBlocks own = NodeBlocks.of(heldout, settings.graph().blockRows());
      metrics.put("heldout_nodes", own.count());
      metrics.put(
          "heldout_graph", edges(job, heldout, own, settings, tree, false, outDir, HELDOUT_EDGES));
    }
    job.now("find the labels most like each");
    writeNearestLabels(nodes, blocks, files, outDir);
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
    Map<?, ?> graph = (Map<?, ?>) metrics.get("graph");
    LOG.info(
        "Semantic graph: {} nodes, {} edges, {} of them between labels, {} isolated nodes, {}"
            + " components; more is in metrics.json",
        metrics.get("nodes"),
        graph.get("edges"),
        graph.get("cross_class_edges"),
        graph.get("isolated_nodes"),
        graph.get("components"));
    return metrics;
  }

  private static Dataset<Row> nodes(
      SparkSession spark, Settings settings, Dataset<Row> table, String split) {
    return NodeTable.of(
        spark,
        table.filter(col("split").equalTo(split)),
        settings.lsg().labelGraph(),
        settings.seed());
  }

  /** The tree to join by, as the texts are given to the classes. */
  private static Optional<LabelTree> tree(HadoopFiles files, Settings settings, String embedDir) {
    if (settings.graph().selection() != GraphSettings.Selection.TAXONOMY) {
      return Optional.empty();
    }
    LabelTree tree =
        LabelTree.read(files, embedDir)
            .orElseThrow(
                () ->
                    LsgException.usage(
                        "graph.selection = taxonomy joins by labels.taxonomy, which was not set"
                            + " when "
                            + embedDir
                            + " was made"));
    return Optional.of(
        new LabelGraphControl(settings.lsg().labelGraph(), tree.size(), settings.seed())
            .given(tree));
  }

  private static void write(Dataset<Row> table, String outDir, String name) {
    table.write().mode("overwrite").parquet(HadoopFiles.path(outDir, name));
  }

  private static Map<String, Object> edges(
      JobDescription job,
      Dataset<Row> nodes,
      NodeBlocks blocks,
      Settings settings,
      Optional<LabelTree> tree,
      boolean forceSameClass,
      String outDir,
      String name) {
    String what = name.replace('_', ' ');
    int count = blocks.count();
    job.now("find %s of %,d nodes", what, count);
    SemanticGraph graph =
        tree.map(by -> SemanticGraph.byTaxonomy(nodes, blocks, settings.graph(), by))
            .orElseGet(() -> SemanticGraph.build(nodes, blocks, settings.graph(), forceSameClass));
    Dataset<Row> edges = graph.edges().withColumn("weight", col("weight").cast("float"));
    job.now("write %s of %,d nodes", what, count);
    write(NodeTable.files(edges, "src", count, "dst"), outDir, name);
    job.now("degrees and components by %s of %,d nodes", what, count);
    return graph.withEdges(EdgeTable.read(nodes.sparkSession(), outDir, name)).facts();
  }

  private static void writeNearestLabels(
      Dataset<Row> nodes, NodeBlocks blocks, HadoopFiles files, String outDir) {
    write(NearestLabels.of(nodes, blocks, NEAREST), outDir, NEAREST_LABELS);
    Dataset<Row> nearest = NearestLabels.read(nodes.sparkSession(), outDir);
    String text = HadoopFiles.path(outDir, NEAREST_LABELS + ".tsv");
    try (OutputStream out = files.create(text)) {
      NearestLabels.write(nearest.orderBy("label_id", "rank"), out);
    } catch (IOException e) {
      throw new UncheckedIOException(text + ": " + e.getMessage(), e);
    }
  }
}
