package example.graph;

import static org.apache.spark.sql.functions.asc;

import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.graph.SemanticGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;

/**
 * The semantic graph of a few names, with vectors that this program makes itself: no libtorch, no
 * FFmpeg, no other stage.
 */
public final class NamesToGraph {
  private static final List<String> NAMES =
      List.of(
          "red fox",
          "arctic fox",
          "grey wolf",
          "arctic wolf",
          "brown bear",
          "polar bear",
          "snowy owl",
          "barn owl",
          "golden eagle",
          "sea eagle",
          "sea lion",
          "mountain lion");
  private static final List<String> TEMPLATES = List.of("a photo of a %s", "a drawing of a %s");
  private static final int DIMENSION = 256;

  private NamesToGraph() {}

  /** Prints the nearest labels of each, the labels that edges join, and facts of the graph. */
  public static void main(String[] args) {
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[*]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .getOrCreate()) {
      spark.sparkContext().setLogLevel("ERROR");
      Dataset<Row> nodes = SemanticGraph.nodes(embeddings(spark)).cache();
      SemanticGraph graph = SemanticGraph.build(nodes, "selection = knn, k = 4");
      graph.nearestLabels(2).orderBy("label_id", "rank").show(24, false);
      graph
          .labelEdges()
          .where("from < to")
          .orderBy(asc("from"), asc("to"))
          .select("from_label", "to_label", "weight")
          .show(8, false);
      Map<String, Object> facts = graph.facts();
      System.out.println(facts.keySet());
      System.out.println(facts.get("search"));
    }
  }

  private static Dataset<Row> embeddings(SparkSession spark) {
    List<Row> rows = new ArrayList<>();
    for (int label = 0; label < NAMES.size(); label++) {
      for (int prompt = 0; prompt < TEMPLATES.size(); prompt++) {
        String name = NAMES.get(label);
        String text = String.format(TEMPLATES.get(prompt), name);
        rows.add(RowFactory.create(label, name, prompt, text, "train", vector(name, text)));
      }
    }
    return spark.createDataFrame(rows, EmbeddingTable.SCHEMA);
  }

  /** A unit vector of counted letter triples: those of the name, and a third of the prompt's. */
  private static Float[] vector(String name, String prompt) {
    double[] sums = new double[DIMENSION];
    addTriples(sums, name, 1);
    addTriples(sums, prompt, 1.0 / 3);
    double squares = 0;
    for (double sum : sums) {
      squares += sum * sum;
    }
    Float[] unit = new Float[DIMENSION];
    for (int d = 0; d < DIMENSION; d++) {
      unit[d] = (float) (sums[d] / Math.sqrt(squares));
    }
    return unit;
  }

  private static void addTriples(double[] sums, String text, double weight) {
    String padded = " " + text + " ";
    for (int i = 0; i + 3 <= padded.length(); i++) {
      sums[Math.floorMod(padded.substring(i, i + 3).hashCode(), DIMENSION)] += weight;
    }
  }
}
