package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.udf;

import io.github.lsgspark.config.LsgException;
import java.util.List;
import org.apache.spark.ml.image.ImageSchema;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/** The column that samples are in, encoded as files are. */
final class SampleColumn {
  private SampleColumn() {}

  /** A column of a schema. */
  static DataType type(StructType schema, String parameter, String name) {
    if (!List.of(schema.fieldNames()).contains(name)) {
      throw LsgException.usage(
          parameter
              + " = "
              + name
              + ": there is no such column; there are "
              + String.join(", ", schema.fieldNames()));
    }
    return schema.apply(name).dataType();
  }

  /** Refuses a column that holds no samples. */
  static void require(StructType schema, String name) {
    DataType type = type(schema, "inputCol", name);
    if (!type.equals(DataTypes.BinaryType) && !isImage(type) && !isVector(schema, name)) {
      throw LsgException.usage(
          "inputCol = "
              + name
              + " must hold encoded samples (binary), the struct of Spark's image source or vectors,"
              + " but holds "
              + type.simpleString());
    }
  }

  /**
   * Refuses a column that holds no classes.
   *
   * @param id column of names of samples, or empty
   */
  static void requireLabel(StructType schema, String name, String id) {
    DataType type = type(schema, "labelCol", name);
    if (!type.equals(DataTypes.StringType) && !(type instanceof NumericType)) {
      throw LsgException.usage(
          "labelCol = "
              + name
              + " must hold names or numbers of classes, but holds "
              + type.simpleString());
    }
    if (!id.isEmpty()) {
      DataType unused = type(schema, "idCol", id);
    }
  }

  private static boolean isImage(DataType type) {
    return type instanceof StructType struct
        && List.of(struct.fieldNames()).containsAll(List.of(ImageSchema.imageFields()));
  }

  /** Whether a column holds features that others have made. */
  static boolean isVector(StructType schema, String name) {
    return type(schema, "inputCol", name).equals(SQLDataTypes.VectorType());
  }

  /** The samples, each as the bytes of a file, or of {@link VectorBytes}. */
  static Column encoded(StructType schema, String name) {
    Column column = named(name);
    if (isVector(schema, name)) {
      return udf((UDF1<Vector, byte[]>) VectorBytes::of, DataTypes.BinaryType).apply(column);
    }
    return schema.apply(name).dataType().equals(DataTypes.BinaryType)
        ? column
        : udf((UDF1<Row, byte[]>) ImageRow::png, DataTypes.BinaryType).apply(column);
  }

  /** A column, whose name is no expression. */
  static Column named(String name) {
    return col("`" + name.replace("`", "``") + "`");
  }
}
