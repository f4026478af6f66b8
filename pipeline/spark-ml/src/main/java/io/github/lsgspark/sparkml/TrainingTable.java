package io.github.lsgspark.sparkml;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.sha2;
import static org.apache.spark.sql.functions.udf;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/** The rows of a DataFrame as a table that the stage prepare reads (docs/data.md). */
final class TrainingTable {
  static final String BYTES = "bytes";
  static final String LABEL = "label";
  static final String ID = "id";
  static final String SPLIT = "split";

  private static final String REPEATED = "repeated";

  private final LsgClassifier classifier;
  private final Dataset<?> dataset;
  private final boolean numbers;
  private final Optional<List<String>> given;
  private String names = "";

  TrainingTable(LsgClassifier classifier, Dataset<?> dataset) {
    this.classifier = classifier;
    this.dataset = dataset;
    StructField label = dataset.schema().apply(classifier.getOrDefault(classifier.labelCol()));
    this.numbers = !label.dataType().equals(DataTypes.StringType);
    this.given = ClassifierSettings.names(classifier).or(() -> ofMetadata(label));
    if (numbers && given.isEmpty()) {
      throw LsgException.usage(
          "labelCol = "
              + label.name()
              + " holds numbers, and nothing names the classes: set labels, or take StringIndexer's"
              + " column as it is");
    }
  }

  /** What a StringIndexer called the classes. */
  private static Optional<List<String>> ofMetadata(StructField label) {
    if (label.dataType().equals(DataTypes.StringType)) {
      return Optional.empty();
    }
    Attribute attribute = Attribute.fromStructField(label);
    return attribute instanceof NominalAttribute nominal && nominal.values().isDefined()
        ? Optional.of(List.of(nominal.values().get()))
        : Optional.empty();
  }

  /**
   * Writes the table.
   *
   * @return its folder
   */
  String write(String folder) {
    HadoopFiles files =
        new HadoopFiles(dataset.sparkSession().sparkContext().hadoopConfiguration());
    String samples = HadoopFiles.path(folder, "samples");
    given.ifPresent(
        labels -> {
          labels.forEach(TrainingTable::requireLine);
          names = HadoopFiles.path(folder, "labels.txt");
          files.writeText(names, String.join("\n", labels) + "\n");
        });
    identified(
            dataset
                .toDF()
                .select(
                    coalesce(
                            SampleColumn.encoded(dataset.schema(), classifier.getInputCol()),
                            lit(new byte[0]))
                        .as(BYTES),
                    label().as(LABEL),
                    id().as(ID)))
        .withColumn(SPLIT, lit(SampleTable.TRAIN))
        .write()
        .parquet(samples);
    return samples;
  }

  /** A file of labels has one a line, and a description after a TAB. */
  private static void requireLine(String label) {
    if (label.isBlank() || !label.lines().toList().equals(List.of(label)) || label.contains("\t")) {
      throw LsgException.usage("labels: '" + label + "' is no name of a class");
    }
  }

  /** The file that names the classes; empty without one. */
  String names() {
    return names;
  }

  private Column label() {
    Column label = SampleColumn.named(classifier.getOrDefault(classifier.labelCol()));
    if (!numbers) {
      return label;
    }
    String[] labels = given.orElseThrow().toArray(String[]::new);
    return udf((UDF1<Double, String>) number -> name(number, labels), DataTypes.StringType)
        .apply(label.cast("double"));
  }

  /** The class of a number; none for null and NaN. */
  private static String name(Double number, String[] labels) {
    if (number == null || number.isNaN()) {
      return null;
    }
    if (number < 0 || number >= labels.length || number != Math.rint(number)) {
      throw LsgException.input(
          "labelCol: " + number + " is no number of a class from 0 to " + (labels.length - 1));
    }
    return labels[number.intValue()];
  }

  private Column id() {
    String id = classifier.getOrDefault(classifier.idCol());
    return id.isEmpty() ? lit(null).cast("string") : SampleColumn.named(id).cast("string");
  }

  /** A sample's name is its content, so that neither rows nor partitions have an order. */
  private Dataset<Row> identified(Dataset<Row> rows) {
    if (!classifier.getOrDefault(classifier.idCol()).isEmpty()) {
      return rows;
    }
    Column again =
        row_number().over(Window.partitionBy(col(ID)).orderBy(col(LABEL))).cast("string");
    return rows.withColumn(ID, sha2(col(BYTES), 256))
        .withColumn(REPEATED, again)
        .withColumn(ID, concat(col(ID), lit("-"), col(REPEATED)))
        .drop(REPEATED);
  }
}
