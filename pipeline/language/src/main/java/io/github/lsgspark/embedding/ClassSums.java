package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.graph.EmbeddingTable;
import io.github.lsgspark.text.Prompt;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.api.java.function.MapGroupsFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Sums of the unit vectors of one class, from which its mean text embedding and all pair-wise means
 * follow. Vectors are added in the order of the prompts, so sums are the same to the last bit.
 *
 * @param label name of the class
 * @param train sum over the training prompts [D]
 * @param heldout sum over the held-out prompts [D]
 */
public record ClassSums(
    int labelId, String label, int trainCount, double[] train, int heldoutCount, double[] heldout) {

  private static final ArrayType SUM = DataTypes.createArrayType(DataTypes.DoubleType, false);
  private static final StructType SCHEMA =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("train_count", DataTypes.IntegerType, false)
          .add("train", SUM, false)
          .add("heldout_count", DataTypes.IntegerType, false)
          .add("heldout", SUM, false);

  /**
   * Sums of all classes, by label id.
   *
   * @param embedDir output of the embed stage
   */
  public static List<ClassSums> read(SparkSession spark, String embedDir) {
    return of(EmbeddingTable.read(spark, embedDir));
  }

  /**
   * Sums of all classes, by label id.
   *
   * @param embeddings a table of {@link EmbeddingTable#SCHEMA}
   */
  public static List<ClassSums> of(Dataset<Row> embeddings) {
    return embeddings
        .select("label_id", "label", "prompt_id", "split", "embedding")
        .groupByKey((MapFunction<Row, Integer>) row -> row.getInt(0), Encoders.INT())
        .mapGroups((MapGroupsFunction<Integer, Row, Row>) ClassSums::sum, Encoders.row(SCHEMA))
        .collectAsList()
        .stream()
        .map(
            row ->
                new ClassSums(
                    row.getInt(0),
                    row.getString(1),
                    row.getInt(2),
                    array(row, 3),
                    row.getInt(4),
                    array(row, 5)))
        .sorted(Comparator.comparingInt(ClassSums::labelId))
        .toList();
  }

  /**
   * The mean over the training prompts of each class.
   *
   * @param names of the classes, in order of their ids
   * @param source what to call the sums in errors
   * @return [C][D]
   * @throws LsgException exit 3 that names a class without a text
   */
  public static double[][] means(List<String> names, List<ClassSums> sums, String source) {
    Map<String, ClassSums> byName = new HashMap<>();
    sums.forEach(sum -> byName.put(sum.label(), sum));
    double[][] means = new double[names.size()][];
    for (int c = 0; c < means.length; c++) {
      ClassSums own = byName.get(names.get(c));
      if (own == null || own.trainCount() == 0) {
        throw LsgException.input(source + ": no text embedding for the label " + names.get(c));
      }
      means[c] = own.train().clone();
      for (int i = 0; i < means[c].length; i++) {
        means[c][i] /= own.trainCount();
      }
    }
    return means;
  }

  private static Row sum(int labelId, Iterator<Row> prompts) {
    List<Row> rows = new ArrayList<>();
    prompts.forEachRemaining(rows::add);
    rows.sort(Comparator.comparingInt(row -> row.getInt(2)));
    int dimension = rows.get(0).getList(4).size();
    double[][] sums = new double[2][dimension];
    int[] counts = new int[2];
    for (Row row : rows) {
      int part = row.getString(3).equals(Prompt.HELDOUT) ? 1 : 0;
      counts[part]++;
      List<Float> embedding = row.getList(4);
      for (int d = 0; d < dimension; d++) {
        sums[part][d] += embedding.get(d);
      }
    }
    return RowFactory.create(
        labelId, rows.get(0).getString(1), counts[0], boxed(sums[0]), counts[1], boxed(sums[1]));
  }

  private static Double[] boxed(double[] values) {
    Double[] boxed = new Double[values.length];
    for (int d = 0; d < values.length; d++) {
      boxed[d] = values[d];
    }
    return boxed;
  }

  private static double[] array(Row row, int column) {
    return row.<Double>getList(column).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
