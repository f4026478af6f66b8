package io.github.lsgspark.head;

import io.github.lsgspark.storage.HadoopFiles;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * What unlabelled samples are taken for, as a table: sample_id string, classes array of int,
 * probabilities array of float over these classes, weight float. Classes less likely than a
 * thousandth of the likeliest are left out, so that a row is as short as the head is sure.
 */
public final class SoftLabelTable {
  /** The folder of the table. */
  public static final String FOLDER = "soft-labels";

  private static final float LEAST = 1e-3f;

  private static final StructType SCHEMA =
      new StructType()
          .add("sample_id", DataTypes.StringType, false)
          .add("classes", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
          .add("probabilities", DataTypes.createArrayType(DataTypes.FloatType, false), false)
          .add("weight", DataTypes.FloatType, false);

  private SoftLabelTable() {}

  /**
   * One row.
   *
   * @param classes their ids, ascending
   * @param probabilities of these; their sum is 1
   * @param weight of the sample, in [0, 1]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record Sparse(int[] classes, float[] probabilities, float weight)
      implements java.io.Serializable {

    /** Without what is as good as impossible. */
    static Sparse of(SoftLabel label) {
      float[] p = label.probabilities();
      float most = 0;
      for (float one : p) {
        most = Math.max(most, one);
      }
      List<Integer> kept = new ArrayList<>();
      double sum = 0;
      for (int c = 0; c < p.length; c++) {
        if (p[c] > 0 && p[c] >= LEAST * most) {
          kept.add(c);
          sum += p[c];
        }
      }
      int[] classes = kept.stream().mapToInt(c -> c).toArray();
      float[] probabilities = new float[classes.length];
      for (int i = 0; i < classes.length; i++) {
        probabilities[i] = (float) (p[classes[i]] / sum);
      }
      return new Sparse(classes, probabilities, label.weight());
    }
  }

  /** Writes the table into the output of the stage head. */
  public static void write(SparkSession spark, JavaRDD<SoftLabel> labels, String headDir) {
    spark
        .createDataFrame(labels.map(SoftLabelTable::row), SCHEMA)
        .write()
        .parquet(HadoopFiles.path(headDir, FOLDER));
  }

  private static Row row(SoftLabel label) {
    Sparse sparse = Sparse.of(label);
    return RowFactory.create(label.id(), sparse.classes(), sparse.probabilities(), sparse.weight());
  }

  /** Whether an output of the stage head has the table. */
  public static boolean isIn(SparkSession spark, String headDir) {
    return new HadoopFiles(spark.sparkContext().hadoopConfiguration())
        .exists(HadoopFiles.path(headDir, FOLDER));
  }

  /** All rows by the ids of their samples. */
  public static Map<String, Sparse> read(SparkSession spark, String headDir) {
    Map<String, Sparse> labels = new HashMap<>();
    for (Row row : spark.read().parquet(HadoopFiles.path(headDir, FOLDER)).collectAsList()) {
      List<Integer> classes = row.getList(1);
      List<Float> probabilities = row.getList(2);
      float[] p = new float[classes.size()];
      for (int i = 0; i < p.length; i++) {
        p[i] = probabilities.get(i);
      }
      labels.put(
          row.getString(0),
          new Sparse(classes.stream().mapToInt(c -> c).toArray(), p, row.getFloat(3)));
    }
    return labels;
  }
}
