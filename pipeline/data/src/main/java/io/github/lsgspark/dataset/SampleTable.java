package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;

import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The tables that the prepare stage writes. */
public final class SampleTable {
  public static final String SAMPLES = "samples";
  public static final String REJECTED = "rejected";
  public static final String LABELS = "labels.json";

  /** Values of column split. */
  public static final String TRAIN = "train";

  public static final String UNLABELLED = "unlabelled";
  public static final String VALIDATION = "validation";
  public static final String TEST = "test";

  /**
   * A column that is the same for samples of the same bytes; null in tables of earlier versions.
   */
  public static final String CONTENT = "content";

  static final StructType SAMPLE_SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("split", DataTypes.StringType, false)
          .add("reference", DataTypes.StringType, true)
          .add("width", DataTypes.IntegerType, false)
          .add("height", DataTypes.IntegerType, false)
          .add("seconds", DataTypes.DoubleType, false);

  static final StructType REJECTED_SCHEMA =
      new StructType()
          .add("id", DataTypes.StringType, false)
          .add("label", DataTypes.StringType, false)
          .add("split", DataTypes.StringType, false)
          .add("reason", DataTypes.StringType, false)
          .add("detail", DataTypes.StringType, false);

  private SampleTable() {}

  /** All samples of a prepared data set; places in its packs are those of the folder as it is. */
  public static Dataset<Row> read(SparkSession spark, String prepareDir) {
    return resolved(written(spark, prepareDir), prepareDir);
  }

  private static Dataset<Row> written(SparkSession spark, String prepareDir) {
    return spark
        .read()
        .schema(SAMPLE_SCHEMA.add(CONTENT, "string", true))
        .parquet(HadoopFiles.path(prepareDir, SAMPLES));
  }

  /**
   * The table with whole paths of its packs.
   *
   * @param folder that the packs lie in
   */
  public static Dataset<Row> resolved(Dataset<Row> samples, String folder) {
    Column reference = col("reference");
    return samples.withColumn(
        "reference",
        when(
                reference.rlike(PackFolder.REFERENCE),
                concat(lit(HadoopFiles.path(folder, "")), reference))
            .otherwise(reference));
  }

  /** The packs that the table points into, relative to its folder. */
  static Set<String> packs(SparkSession spark, String prepareDir) {
    return new HashSet<>(
        written(spark, prepareDir)
            .filter(col("reference").rlike(PackFolder.REFERENCE))
            .select(substring_index(col("reference"), "#", 1))
            .distinct()
            .as(Encoders.STRING())
            .collectAsList());
  }

  /** The samples of one split, by their places. */
  public static JavaRDD<Sample> samples(SparkSession spark, String prepareDir, String split) {
    return read(spark, prepareDir)
        .filter(col("split").equalTo(split))
        .select("id", "label_id", "reference")
        .javaRDD()
        .map(row -> new Sample(row.getString(0), row.getInt(1), row.getString(2)));
  }

  /** The classes of a prepared data set. */
  public static LabelSet labels(HadoopFiles files, String prepareDir) {
    String path = HadoopFiles.path(prepareDir, LABELS);
    return LabelSet.fromJson(new String(files.read(path), StandardCharsets.UTF_8), path);
  }
}
