package io.github.lsgspark.features;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.Halves;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The table that the stage features writes: a row for every view of every sample. */
public final class FeatureTable {
  /** The folder of the table. */
  public static final String FOLDER = "features";

  /** The folder of what has no features. */
  public static final String REJECTED = "rejected";

  /** The file of {@link FeatureFacts}. */
  public static final String FACTS = "features.json";

  static final StructType KEYS =
      new StructType()
          .add("sample_id", DataTypes.StringType, false)
          .add("split", DataTypes.StringType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("content", DataTypes.StringType, true)
          .add("view", DataTypes.IntegerType, false);

  private static final StructType SCHEMA =
      KEYS.add("features", DataTypes.createArrayType(DataTypes.FloatType, false), false);

  private static final StructType HALF_SCHEMA =
      KEYS.add("features", DataTypes.createArrayType(DataTypes.ShortType, false), false);

  private FeatureTable() {}

  /**
   * Columns of the table as it is stored: sample_id and split string, label_id int (-1: unknown),
   * content string (the same for samples of the same bytes), view int, features array of float, or
   * of short for the bits of half precision.
   */
  static StructType schema(Store store) {
    return store == Store.FLOAT16 ? HALF_SCHEMA : SCHEMA;
  }

  /**
   * What is known of a table.
   *
   * @throws LsgException exit 3 if the folder is no output of the stage features
   */
  public static FeatureFacts facts(HadoopFiles files, String dir) {
    return Json.read(files, HadoopFiles.path(dir, FACTS), FeatureFacts.class)
        .checked(HadoopFiles.path(dir, FACTS));
  }

  /**
   * Writes a table of vectors that no network of the program's has made, as the stage features
   * would: with their means.
   *
   * @param rows columns sample_id string, label_id int (-1: unlabelled), features array of float
   * @param dimension numbers of a vector
   * @param classes of the labels
   */
  public static void writeGiven(
      SparkSession spark, Dataset<Row> rows, int dimension, int classes, String dir) {
    rows.select(
            col("sample_id"),
            when(col("label_id").geq(0), lit(SampleTable.TRAIN))
                .otherwise(lit(SampleTable.UNLABELLED))
                .as("split"),
            col("label_id"),
            lit(null).cast(DataTypes.StringType).as("content"),
            lit(0).as("view"),
            col("features"))
        .write()
        .parquet(HadoopFiles.path(dir, FOLDER));
    FeatureFacts facts = FeatureFacts.given(dimension, classes);
    Json.write(
        new HadoopFiles(spark.sparkContext().hadoopConfiguration()),
        HadoopFiles.path(dir, FACTS),
        facts.with(FeatureMeans.of(spark, dir, facts.store(), dimension)));
  }

  /** The table as it is stored: {@link #schema}. */
  public static Dataset<Row> stored(SparkSession spark, String dir, Store store) {
    return spark.read().schema(schema(store)).parquet(HadoopFiles.path(dir, FOLDER));
  }

  /** The table with features as array of float, however they are stored. */
  public static Dataset<Row> read(SparkSession spark, String dir) {
    Store store = facts(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), dir).store();
    Dataset<Row> stored = stored(spark, dir, store);
    if (store == Store.FLOAT32) {
      return stored;
    }
    JavaRDD<Row> rows = stored.javaRDD().map(FeatureTable::widened);
    return spark.createDataFrame(rows, SCHEMA);
  }

  /**
   * Features of a row that Spark has not made objects of, which is much faster.
   *
   * @param column of the features, in a row of the stored table
   */
  static float[] floats(InternalRow row, int column, Store store) {
    ArrayData values = row.getArray(column);
    if (store == Store.FLOAT32) {
      return values.toFloatArray();
    }
    short[] halves = values.toShortArray();
    float[] floats = new float[halves.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = Halves.toFloat(halves[i]);
    }
    return floats;
  }

  /** One row of a table: a view of a sample. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record View(String sample, String split, int label, int view, float[] features)
      implements Serializable {}

  /**
   * Rows of a table, fast.
   *
   * @param rows of {@link #stored}, filtered or reordered
   */
  public static JavaRDD<View> views(Dataset<Row> rows, Store store) {
    return rows.select("sample_id", "split", "label_id", "view", "features")
        .queryExecution()
        .toRdd()
        .toJavaRDD()
        .map(
            row ->
                new View(
                    row.getString(0),
                    row.getString(1),
                    row.getInt(2),
                    row.getInt(3),
                    floats(row, 4, store)));
  }

  private static Row widened(Row row) {
    List<Short> halves = row.getList(5);
    float[] values = new float[halves.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = Halves.toFloat(halves.get(i));
    }
    return RowFactory.create(row.get(0), row.get(1), row.get(2), row.get(3), row.get(4), values);
  }
}
