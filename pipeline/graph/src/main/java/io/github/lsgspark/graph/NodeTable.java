package io.github.lsgspark.graph;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.LsgSettings;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import scala.Tuple2;

/** Makes numbered text nodes of embedded prompts: node t = label_id P + prompt. */
final class NodeTable {
  static final StructType SCHEMA =
      new StructType()
          .add("node", DataTypes.IntegerType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("embedding", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final int NODES_PER_FILE = 100_000;

  private NodeTable() {}

  /**
   * Reads a node table.
   *
   * @param graphDir output of the graph stage
   * @param name of the table in it
   */
  static Dataset<Row> read(SparkSession spark, String graphDir, String name) {
    return spark.read().schema(SCHEMA).parquet(HadoopFiles.path(graphDir, name));
  }

  private record Prompted(int prompt, float[] vector) implements Serializable {}

  /**
   * @param embeddings rows of the embed stage, one split of them
   * @param kind which texts guide which class
   * @throws LsgException exit 3 if a label has more or fewer prompts than others, or labels are not
   *     numbered from 0 without a gap
   */
  static Dataset<Row> of(
      SparkSession spark, Dataset<Row> embeddings, LsgSettings.LabelGraph kind, long seed) {
    TreeMap<Integer, String> names = new TreeMap<>();
    int prompts = prompts(embeddings, names);
    String[] labels = names.values().toArray(String[]::new);
    LabelGraphControl control = new LabelGraphControl(kind, labels.length, seed);
    JavaRDD<Row> nodes =
        embeddings
            .select("label_id", "prompt_id", "embedding")
            .as(
                Encoders.tuple(
                    Encoders.INT(), Encoders.INT(), spark.implicits().newFloatArrayEncoder()))
            .javaRDD()
            .mapToPair(row -> new Tuple2<>(row._1(), new Prompted(row._2(), row._3())))
            .groupByKey()
            .flatMap(
                one -> rows(control, control.guidedClass(one._1()), labels, one._2()).iterator());
    return files(spark.createDataFrame(nodes, SCHEMA), "node", prompts * labels.length);
  }

  /** Puts a table into few parts, each of consecutive nodes and sorted. */
  static Dataset<Row> files(Dataset<Row> table, String node, long nodes, String... then) {
    int parts = (int) (1 + (nodes - 1) / NODES_PER_FILE);
    return table
        .repartition(parts, col(node).divide(NODES_PER_FILE).cast("int"))
        .sortWithinPartitions(node, then);
  }

  private static int prompts(Dataset<Row> embeddings, TreeMap<Integer, String> names) {
    long prompts = 0;
    List<Row> counts =
        new ArrayList<>(embeddings.groupBy("label_id", "label").count().collectAsList());
    counts.sort(Comparator.comparingInt(row -> row.getInt(0)));
    for (Row row : counts) {
      prompts = prompts == 0 ? row.getLong(2) : prompts;
      if (row.getLong(2) != prompts) {
        throw LsgException.input(
            "label '"
                + row.getString(1)
                + "' has "
                + row.getLong(2)
                + " prompts, others have "
                + prompts);
      }
      if (row.getInt(0) != names.size()) {
        throw LsgException.input(
            "labels must be numbered from 0 without a gap, but label_id "
                + row.getInt(0)
                + " ('"
                + row.getString(1)
                + "') comes in place "
                + names.size());
      }
      names.put(row.getInt(0), row.getString(1));
    }
    return Math.toIntExact(prompts);
  }

  private static List<Row> rows(
      LabelGraphControl control, int label, String[] labels, Iterable<Prompted> unordered) {
    List<Prompted> prompted = new ArrayList<>();
    unordered.forEach(prompted::add);
    prompted.sort(Comparator.comparingInt(Prompted::prompt));
    double[] mean = mean(prompted);
    List<Row> rows = new ArrayList<>();
    for (Prompted one : prompted) {
      rows.add(
          RowFactory.create(
              label * prompted.size() + rows.size(),
              label,
              labels[label],
              one.prompt,
              control.vector(label, one.vector, mean)));
    }
    return rows;
  }

  private static double[] mean(List<Prompted> prompted) {
    double[] mean = new double[prompted.get(0).vector.length];
    for (Prompted prompt : prompted) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += prompt.vector[d] / (double) prompted.size();
      }
    }
    return mean;
  }
}
