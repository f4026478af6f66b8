package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.search.NodeBlocks;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * A graph over prompted labels as two DataFrames.
 *
 * <p>Nodes: {@code node int, label_id int, label string, prompt_id int, embedding array<float>};
 * nodes are numbered 0 .. N-1. Edges: {@code src int, dst int, weight double}, both directions,
 * self loops as selected.
 *
 * <pre>
 *   Dataset&lt;Row&gt; nodes = SemanticGraph.nodes(embeddings);
 *   SemanticGraph graph = SemanticGraph.build(nodes, "selection = knn, k = 10");
 *   graph.nearestLabels(5).show();
 * </pre>
 */
public final class SemanticGraph {
  private static final StructType EDGES =
      new StructType()
          .add("src", DataTypes.IntegerType, false)
          .add("dst", DataTypes.IntegerType, false)
          .add("weight", DataTypes.DoubleType, false);

  private final Dataset<Row> nodes;
  private final Dataset<Row> edges;
  private final double threshold;
  private final Optional<SearchReport> search;

  /** The nodes as the executors have them, if edges were computed. */
  private final Optional<NodeBlocks> blocks;

  private SemanticGraph(
      Dataset<Row> nodes,
      Dataset<Row> edges,
      double threshold,
      Optional<SearchReport> search,
      Optional<NodeBlocks> blocks) {
    this.nodes = nodes;
    this.edges = edges;
    this.threshold = threshold;
    this.search = search;
    this.blocks = blocks;
  }

  /**
   * Numbers embedded prompts as nodes: node t = label_id P + prompt.
   *
   * @param embeddings {@code label_id int, label string, prompt_id int, embedding array<float>};
   *     labels numbered from 0, equally many prompts of each
   */
  public static Dataset<Row> nodes(Dataset<Row> embeddings) {
    return NodeTable.of(embeddings.sparkSession(), embeddings, LsgSettings.LabelGraph.TEXT, 0);
  }

  /**
   * Joins nodes. Edges are computed when they are asked for, by the executors.
   *
   * @param settings keys of the section graph of reference.conf in HOCON, such as {@code selection
   *     = knn, k = 10}; force-same-class is false unless it is named
   * @throws LsgException exit 2 for an unknown key or a wrong value, exit 3 naming the node for
   *     numbers that are not 0 .. N-1 or a vector that is not finite or not of the common length
   */
  public static SemanticGraph build(Dataset<Row> nodes, String settings) {
    Settings parsed =
        SettingsLoader.parse("graph.force-same-class = false\ngraph { " + settings + " }");
    GraphSettings graph = parsed.graph();
    return build(nodes, NodeBlocks.of(nodes, graph.blockRows()), graph, graph.forceSameClass());
  }

  /**
   * Joins nodes as the settings say.
   *
   * @param blocks of these nodes
   * @param forceSameClass also join all prompts of one label (gen_A2Plus); instead of the setting
   */
  static SemanticGraph build(
      Dataset<Row> nodes, NodeBlocks blocks, GraphSettings settings, boolean forceSameClass) {
    return of(nodes, blocks, selector(nodes, settings).select(blocks, forceSameClass));
  }

  /**
   * Joins all prompts of a label, and those of labels that are near in a tree.
   *
   * @param tree over the labels
   * @param settings as in {@link #build}; {@code k} labels for each, {@code symmetry}
   */
  public static SemanticGraph byTaxonomy(Dataset<Row> nodes, LabelTree tree, String settings) {
    GraphSettings graph = SettingsLoader.parse("graph { " + settings + " }").graph();
    return byTaxonomy(nodes, NodeBlocks.of(nodes, graph.blockRows()), graph, tree);
  }

  /** The same with blocks of these nodes. */
  static SemanticGraph byTaxonomy(
      Dataset<Row> nodes, NodeBlocks blocks, GraphSettings settings, LabelTree tree) {
    return of(nodes, blocks, selector(nodes, settings).byTaxonomy(blocks, tree));
  }

  private static EdgeSelector selector(Dataset<Row> nodes, GraphSettings settings) {
    return new EdgeSelector(
        JavaSparkContext.fromSparkContext(nodes.sparkSession().sparkContext()), settings);
  }

  private static SemanticGraph of(
      Dataset<Row> nodes, NodeBlocks blocks, EdgeSelector.Selected selected) {
    JavaRDD<Row> rows =
        selected
            .edges()
            .map(edge -> RowFactory.create(edge.source(), edge.target(), edge.weight()));
    return new SemanticGraph(
        nodes,
        nodes.sparkSession().createDataFrame(rows, EDGES),
        selected.threshold(),
        selected.search(),
        Optional.of(blocks));
  }

  /**
   * A graph that was made elsewhere, or read back.
   *
   * @param edges {@code src, dst, weight}; both directions, no pair twice
   */
  public static SemanticGraph of(Dataset<Row> nodes, Dataset<Row> edges) {
    Dataset<Row> typed =
        edges.select(col("src").cast("int"), col("dst").cast("int"), col("weight").cast("double"));
    return new SemanticGraph(nodes, typed, Double.NaN, Optional.empty(), Optional.empty());
  }

  /**
   * The graph that guides the backbone.
   *
   * @param graphDir output of the graph stage
   */
  public static SemanticGraph read(SparkSession spark, String graphDir) {
    return of(
        NodeTable.read(spark, graphDir, GraphStage.NODES),
        EdgeTable.read(spark, graphDir, GraphStage.EDGES));
  }

  /** The same graph with edges that have been written and read back. */
  SemanticGraph withEdges(Dataset<Row> written) {
    return new SemanticGraph(nodes, of(nodes, written).edges, threshold, search, blocks);
  }

  public Dataset<Row> nodes() {
    return nodes;
  }

  public Dataset<Row> edges() {
    return edges;
  }

  /** Smallest similarity that was kept; NaN for knn and where it is not known. */
  public double threshold() {
    return threshold;
  }

  /** The edges as a matrix on the driver. */
  public CsrMatrix adjacency() {
    return EdgeChunk.matrix(edges, Math.toIntExact(nodes.count()));
  }

  /**
   * What the graph looks like: degrees, components, hubs, edges between classes, and how neighbours
   * were found, with the recall of a search that is not exact.
   */
  public Map<String, Object> facts() {
    int[] classes = blocks.map(NodeBlocks::classes).orElseGet(() -> NodeBlocks.classesOf(nodes));
    Map<String, Object> facts =
        new LinkedHashMap<>(
            GraphFacts.of(
                EdgeChunk.matrix(edges, classes.length), classes, threshold, this::names));
    search.ifPresent(report -> facts.put("search", report.facts()));
    return facts;
  }

  private Map<Integer, String> names(List<Integer> wanted) {
    Map<Integer, String> names = new LinkedHashMap<>();
    nodes
        .where(col("node").isInCollection(wanted))
        .select("node", "label", "prompt_id")
        .collectAsList()
        .forEach(row -> names.put(row.getInt(0), row.getString(1) + ", prompt " + row.get(2)));
    return names;
  }

  /**
   * How strongly labels are joined: {@code from int, from_label string, to int, to_label string,
   * weight double}, the mean weight over all pairs of their prompts; only labels that an edge
   * joins, both directions, no label with itself.
   */
  public Dataset<Row> labelEdges() {
    return LabelEdges.of(nodes, edges);
  }

  /**
   * The labels most similar to each label by the cosine of their mean vectors: {@code label_id,
   * label, rank} (from 1)<code>, neighbour_id, neighbour, cosine</code>.
   */
  public Dataset<Row> nearestLabels(int count) {
    return NearestLabels.of(nodes, blocks.orElseGet(() -> NodeBlocks.of(nodes)), count);
  }
}
