package io.github.lsgspark.dataset;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.IntegralType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column of a table, as Spark or the file itself describes it.
 *
 * @param binaries parts of a struct that hold bytes
 * @param texts parts of a struct that hold text
 */
record TableField(String name, Kind kind, List<String> binaries, List<String> texts) {

  /** What a column holds. */
  enum Kind {
    BINARY,
    TEXT,
    INTEGER,
    STRUCT,
    MANY,
    OTHER
  }

  /** Whether it may hold encoded samples. */
  boolean holdsContent() {
    return kind == Kind.BINARY || binaries.contains("bytes");
  }

  /** Whether it holds one value a row. */
  boolean isPlain() {
    return kind == Kind.TEXT || kind == Kind.INTEGER || kind == Kind.OTHER;
  }

  /** The names that lead to encoded samples. */
  List<String> contentPath() {
    return kind == Kind.BINARY ? List.of(name) : List.of(name, "bytes");
  }

  static List<String> names(List<TableField> fields) {
    return fields.stream().map(TableField::name).toList();
  }

  static List<TableField> of(StructType schema) {
    List<TableField> fields = new ArrayList<>();
    for (StructField field : schema.fields()) {
      List<String> binaries = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      if (field.dataType() instanceof StructType struct) {
        for (StructField part : struct.fields()) {
          put(part.name(), kind(part.dataType()), binaries, texts);
        }
      }
      fields.add(new TableField(field.name(), kind(field.dataType()), binaries, texts));
    }
    return fields;
  }

  private static Kind kind(DataType type) {
    if (type instanceof BinaryType) {
      return Kind.BINARY;
    }
    if (type instanceof StringType) {
      return Kind.TEXT;
    }
    if (type instanceof IntegralType) {
      return Kind.INTEGER;
    }
    if (type instanceof ArrayType || type instanceof MapType) {
      return Kind.MANY;
    }
    return type instanceof StructType ? Kind.STRUCT : Kind.OTHER;
  }

  static List<TableField> of(MessageType schema) {
    List<TableField> fields = new ArrayList<>();
    for (Type field : schema.getFields()) {
      List<String> binaries = new ArrayList<>();
      List<String> texts = new ArrayList<>();
      Kind kind = kind(field);
      if (kind == Kind.STRUCT) {
        for (Type part : field.asGroupType().getFields()) {
          put(part.getName(), kind(part), binaries, texts);
        }
      }
      fields.add(new TableField(field.getName(), kind, binaries, texts));
    }
    return fields;
  }

  private static Kind kind(Type type) {
    if (type.isRepetition(Type.Repetition.REPEATED)) {
      return Kind.MANY;
    }
    LogicalTypeAnnotation annotation = type.getLogicalTypeAnnotation();
    if (!type.isPrimitive()) {
      return annotation == null ? Kind.STRUCT : Kind.MANY;
    }
    PrimitiveTypeName primitive = type.asPrimitiveType().getPrimitiveTypeName();
    return switch (primitive) {
      case BINARY -> annotation == null ? Kind.BINARY : Kind.TEXT;
      case INT32, INT64 -> Kind.INTEGER;
      default -> Kind.OTHER;
    };
  }

  private static void put(String name, Kind kind, List<String> binaries, List<String> texts) {
    if (kind == Kind.BINARY) {
      binaries.add(name);
    } else if (kind == Kind.TEXT) {
      texts.add(name);
    }
  }
}
