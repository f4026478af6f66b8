package io.github.lsgspark.graph;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Which labels are nearest to each label, by the cosine of their mean vectors. */
final class NearestLabels {
  private static final int NEAREST = 5;

  /** label_id, label, rank from 1, neighbour_id, neighbour, cosine. */
  static final StructType SCHEMA =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("rank", DataTypes.IntegerType, false)
          .add("neighbour_id", DataTypes.IntegerType, false)
          .add("neighbour", DataTypes.StringType, false)
          .add("cosine", DataTypes.DoubleType, false);

  private NearestLabels() {}

  /**
   * Of the labels of a node table; one whose vectors cancel out has no direction and is left out.
   */
  static List<Row> of(Dataset<Row> nodes) {
    SparkSession spark = nodes.sparkSession();
    TreeMap<Integer, float[]> means = new TreeMap<>();
    TreeMap<Integer, String> names = new TreeMap<>();
    for (Row row : nodes.select("label_id", "label", "embedding").collectAsList()) {
      List<Float> vector = row.getList(2);
      float[] sum = means.computeIfAbsent(row.getInt(0), unused -> new float[vector.size()]);
      for (int d = 0; d < sum.length; d++) {
        sum[d] += vector.get(d);
      }
      names.put(row.getInt(0), row.getString(1));
    }
    means.values().removeIf(NearestLabels::isZero);
    int[] ids = means.keySet().stream().mapToInt(Integer::intValue).toArray();
    NodeVectors vectors =
        NodeVectors.of(
            means.values().toArray(float[][]::new), ids, i -> "label '" + names.get(ids[i]) + "'");
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<ExactSearch.Neighbour> found =
        new ArrayList<>(
            new ExactSearch(context, context.broadcast(vectors), NEAREST, 1024)
                .neighbours(context)
                .collect());
    found.sort(Comparator.comparingInt(ExactSearch.Neighbour::node));
    List<Row> rows = new ArrayList<>();
    int rank = 0;
    for (int i = 0; i < found.size(); i++) {
      ExactSearch.Neighbour one = found.get(i);
      rank = i > 0 && found.get(i - 1).node() == one.node() ? rank + 1 : 1;
      int label = ids[one.node()];
      int neighbour = ids[one.neighbour()];
      rows.add(
          RowFactory.create(
              label, names.get(label), rank, neighbour, names.get(neighbour), one.cosine()));
    }
    return rows;
  }

  private static boolean isZero(float[] vector) {
    for (float value : vector) {
      if (value != 0) {
        return false;
      }
    }
    return true;
  }

  /** One line per label for people: the label, then its neighbours with their cosines. */
  static byte[] text(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      if (row.getInt(2) == 1) {
        text.append(text.length() == 0 ? "" : "\n").append(row.getString(1)).append('\t');
      } else {
        text.append(", ");
      }
      text.append(row.getString(4)).append(String.format(Locale.ROOT, " %.3f", row.getDouble(5)));
    }
    return text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }
}
