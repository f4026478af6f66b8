package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.udf;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.Finite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataTypes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rows of a {@link TrainingTable} of vectors, and the classes they are of. */
final class VectorTable {
  private static final Logger LOG = LoggerFactory.getLogger(VectorTable.class);

  private final SparkSession spark;
  private final Dataset<Row> rows;
  private final LabelSet labels;
  private final int dimension;

  private VectorTable(SparkSession spark, Dataset<Row> rows, LabelSet labels, int dimension) {
    this.spark = spark;
    this.rows = rows;
    this.labels = labels;
    this.dimension = dimension;
  }

  /**
   * Reads the table. Rows with a number that is not finite are left out, and counted in the log.
   *
   * @param samples folder of the table
   * @param names file of the class names; empty: those that are found, sorted
   * @throws LsgException exit 3 for vectors of several lengths, or where none is left
   */
  static VectorTable read(SparkSession spark, String samples, String names) {
    Dataset<Row> all = spark.read().parquet(samples);
    List<Integer> lengths =
        all.select(length(col(TrainingTable.BYTES)).as("n"))
            .filter(col("n").gt(0))
            .distinct()
            .orderBy("n")
            .as(Encoders.INT())
            .takeAsList(2);
    if (lengths.isEmpty()) {
      throw LsgException.input("inputCol: there is no vector");
    }
    if (lengths.size() > 1) {
      throw LsgException.input(
          "inputCol: there are vectors of "
              + lengths.get(0) / Float.BYTES
              + " and of "
              + lengths.get(1) / Float.BYTES
              + " numbers");
    }
    Column finite =
        udf(
                (UDF1<byte[], Boolean>)
                    bytes -> bytes.length > 0 && Finite.all(VectorBytes.floats(bytes)),
                DataTypes.BooleanType)
            .apply(col(TrainingTable.BYTES));
    Dataset<Row> whole = all.filter(finite);
    long left = whole.count();
    long out = all.count() - left;
    if (left == 0) {
      throw LsgException.input("inputCol: each vector has a number that is not finite");
    }
    if (out > 0) {
      LOG.warn("{} of {} rows have no vector of finite numbers, and are left out", out, left + out);
    }
    LabelSet labels =
        names.isEmpty()
            ? LabelSet.of(
                whole
                    .select(TrainingTable.LABEL)
                    .filter(col(TrainingTable.LABEL).isNotNull())
                    .distinct()
                    .orderBy(TrainingTable.LABEL)
                    .as(Encoders.STRING())
                    .collectAsList())
            : LabelSet.load(names, spark.sparkContext().hadoopConfiguration());
    return new VectorTable(spark, numbered(whole, labels), labels, lengths.get(0) / Float.BYTES);
  }

  private static Dataset<Row> numbered(Dataset<Row> rows, LabelSet labels) {
    Map<String, Integer> ids = new HashMap<>();
    for (Label label : labels.labels()) {
      ids.put(label.name(), label.id());
    }
    Column number =
        udf((UDF1<String, Integer>) name -> id(name, ids), DataTypes.IntegerType)
            .apply(col(TrainingTable.LABEL));
    Column features =
        udf(
                (UDF1<byte[], float[]>) VectorBytes::floats,
                DataTypes.createArrayType(DataTypes.FloatType, false))
            .apply(col(TrainingTable.BYTES));
    return rows.select(
        col(TrainingTable.ID).as("sample_id"), number.as("label_id"), features.as("features"));
  }

  private static int id(String name, Map<String, Integer> ids) {
    if (name == null) {
      return -1;
    }
    Integer id = ids.get(name);
    if (id == null) {
      throw LsgException.input("labelCol: '" + name + "' is none of the classes that labels names");
    }
    return id;
  }

  LabelSet labels() {
    return labels;
  }

  /** Numbers of the classes that have labels. */
  int[] seen() {
    return rows
        .select("label_id")
        .filter(col("label_id").geq(0))
        .distinct()
        .orderBy("label_id")
        .as(Encoders.INT())
        .collectAsList()
        .stream()
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Writes it as the stage features would. */
  void write(String folder) {
    FeatureTable.writeGiven(spark, rows, dimension, labels.size(), folder);
  }
}
