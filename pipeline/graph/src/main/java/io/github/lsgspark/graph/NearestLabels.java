package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.GraphSettings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.graph.search.ClassMeans;
import io.github.lsgspark.graph.search.ClassMembers;
import io.github.lsgspark.graph.search.Neighbour;
import io.github.lsgspark.graph.search.NodeBlocks;
import io.github.lsgspark.graph.search.SearchChoice;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Which labels are nearest to each label, by the cosine of their mean vectors. */
public final class NearestLabels {
  private static final StructType RANKED =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("rank", DataTypes.IntegerType, false)
          .add("neighbour_id", DataTypes.IntegerType, false)
          .add("cosine", DataTypes.DoubleType, false);

  private static final StructType SCHEMA =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("rank", DataTypes.IntegerType, false)
          .add("neighbour_id", DataTypes.IntegerType, false)
          .add("neighbour", DataTypes.StringType, false)
          .add("cosine", DataTypes.DoubleType, false);

  private NearestLabels() {}

  /**
   * Reads the table.
   *
   * @param graphDir output of the graph stage
   */
  public static Dataset<Row> read(SparkSession spark, String graphDir) {
    return spark
        .read()
        .schema(SCHEMA)
        .parquet(HadoopFiles.path(graphDir, GraphStage.NEAREST_LABELS));
  }

  /**
   * Of the labels of a node table; a label whose vectors cancel out has no direction and is left
   * out.
   */
  static Dataset<Row> of(Dataset<Row> nodes, NodeBlocks blocks, int count) {
    SparkSession spark = nodes.sparkSession();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    ClassMembers members = new ClassMembers(blocks.classes());
    int[] labels = IntStream.range(0, members.count()).map(members::label).toArray();
    NodeBlocks classes = ClassMeans.of(context, blocks);
    Set<Integer> directionless = Set.copyOf(classes.zeroVectors());
    GraphSettings settings = SettingsLoader.parse("graph.k = " + count).graph();
    JavaRDD<Row> found =
        SearchChoice.of(settings, classes.count(), classes.dimension())
            .over(context, classes, count, settings, 0)
            .neighbours(context)
            .filter(
                one ->
                    !directionless.contains(one.node()) && !directionless.contains(one.neighbour()))
            .mapPartitions(neighbours -> ranked(neighbours, labels));
    Dataset<Row> names = nodes.select("label_id", "label").distinct();
    return spark
        .createDataFrame(found, RANKED)
        .join(names, "label_id")
        .join(
            names.select(col("label_id").as("neighbour_id"), col("label").as("neighbour")),
            "neighbour_id")
        .select("label_id", "label", "rank", "neighbour_id", "neighbour", "cosine")
        .repartition(1)
        .sortWithinPartitions("label_id", "rank");
  }

  /** A node's neighbours follow each other, the best first. */
  private static Iterator<Row> ranked(Iterator<Neighbour> neighbours, int[] labels) {
    List<Row> rows = new ArrayList<>();
    int rank = 0;
    int last = -1;
    while (neighbours.hasNext()) {
      Neighbour one = neighbours.next();
      rank = one.node() == last ? rank + 1 : 1;
      last = one.node();
      rows.add(RowFactory.create(labels[one.node()], rank, labels[one.neighbour()], one.cosine()));
    }
    return rows.iterator();
  }

  /** One line per label for people: the label, then its neighbours with their cosines. */
  static void write(Dataset<Row> nearest, OutputStream out) throws IOException {
    boolean first = true;
    for (Iterator<Row> rows = nearest.toLocalIterator(); rows.hasNext(); first = false) {
      Row row = rows.next();
      String start = row.getInt(2) > 1 ? ", " : (first ? "" : "\n") + row.getString(1) + "\t";
      String line =
          start + row.getString(4) + String.format(Locale.ROOT, " %.3f", row.getDouble(5));
      out.write(line.getBytes(StandardCharsets.UTF_8));
    }
    out.write('\n');
  }
}
