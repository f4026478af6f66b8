package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * The parameters of an owner that say which columns predictions come from and go to, and the schema
 * that follows.
 */
public final class PredictionColumns implements Serializable {
  private static final long serialVersionUID = 1L;

  static final String ERROR = "error";
  static final String SKIP = "skip";
  static final String KEEP = "keep";
  private static final Set<String> HANDLING = Set.of(ERROR, SKIP, KEEP);

  final Param<String> input;
  final Param<String> prediction;
  final Param<String> probability;
  final Param<String> rawPrediction;
  final Param<String> handleInvalid;

  PredictionColumns(String uid) {
    input =
        new Param<>(
            uid,
            "inputCol",
            "column of samples: encoded ones (binary), the struct of Spark's image source, or vectors");
    prediction =
        new Param<>(uid, "predictionCol", "column of the predicted class's number, from 0");
    probability =
        new Param<>(
            uid, "probabilityCol", "column of the probabilities of all classes; empty: none");
    rawPrediction =
        new Param<>(
            uid,
            "rawPredictionCol",
            "column of the scores that the probabilities are made of; empty: none");
    handleInvalid =
        new Param<>(
            uid,
            "handleInvalid",
            "what transform does with a sample that cannot be opened: error, skip (leave the row"
                + " out) or keep (NaN)");
  }

  static void setDefaults(PredictionParams owner) {
    PredictionColumns own = owner.columns();
    owner.setDefault(own.input, "image");
    owner.setDefault(own.prediction, "prediction");
    owner.setDefault(own.probability, "probability");
    owner.setDefault(own.rawPrediction, "rawPrediction");
    owner.setDefault(own.handleInvalid, ERROR);
  }

  /**
   * The columns that predictions come as, vectors first.
   *
   * @param labels names of the classes; empty if they are not known
   */
  static List<StructField> output(PredictionParams owner, List<String> labels) {
    List<StructField> fields = new ArrayList<>();
    for (String vector : List.of(owner.getRawPredictionCol(), owner.getProbabilityCol())) {
      if (!vector.isEmpty()) {
        fields.add(DataTypes.createStructField(vector, SQLDataTypes.VectorType(), true));
      }
    }
    NominalAttribute attribute = NominalAttribute.defaultAttr().withName(owner.getPredictionCol());
    Metadata metadata =
        labels.isEmpty()
            ? Metadata.empty()
            : attribute.withValues(labels.toArray(String[]::new)).toMetadata();
    fields.add(
        DataTypes.createStructField(
            owner.getPredictionCol(), DataTypes.DoubleType, false, metadata));
    return fields;
  }

  /**
   * The schema with predictions.
   *
   * @throws LsgException exit 2 that names a parameter and its column if it cannot be had
   */
  static StructType transformed(PredictionParams owner, StructType schema, List<String> labels) {
    SampleColumn.require(schema, owner.getInputCol());
    if (!HANDLING.contains(owner.getHandleInvalid())) {
      throw LsgException.usage(
          "handleInvalid must be error, skip or keep, but was: " + owner.getHandleInvalid());
    }
    if (owner.getPredictionCol().isEmpty()) {
      throw LsgException.usage("predictionCol must name a column, but is empty");
    }
    StructType result = schema;
    for (StructField field : output(owner, labels)) {
      if (List.of(result.fieldNames()).contains(field.name())) {
        throw LsgException.usage(
            "column '" + field.name() + "' of the predictions is there already");
      }
      result = result.add(field);
    }
    return result;
  }
}
