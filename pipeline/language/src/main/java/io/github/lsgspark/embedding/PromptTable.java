package io.github.lsgspark.embedding;

import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.PromptTemplates;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The prompts of all labels as a table: what encoders read. */
public final class PromptTable {
  /**
   * label_id int, label string, description string, prompt_id int, prompt string, split string
   * (train or heldout), label_start and label_end int: UTF-16 indexes of the label in the prompt.
   */
  public static final StructType SCHEMA =
      new StructType()
          .add("label_id", DataTypes.IntegerType, false)
          .add("label", DataTypes.StringType, false)
          .add("description", DataTypes.StringType, false)
          .add("prompt_id", DataTypes.IntegerType, false)
          .add("prompt", DataTypes.StringType, false)
          .add("split", DataTypes.StringType, false)
          .add("label_start", DataTypes.IntegerType, false)
          .add("label_end", DataTypes.IntegerType, false);

  /** Places of the columns in a row; rows inside a job know no names. */
  static final int LABEL_ID = 0;

  static final int LABEL = 1;
  static final int DESCRIPTION = 2;
  static final int PROMPT_ID = 3;
  static final int PROMPT = 4;
  static final int SPLIT = 5;
  static final int LABEL_START = 6;
  static final int LABEL_END = 7;

  private static final StructType LABELS =
      new StructType()
          .add("id", DataTypes.IntegerType, false)
          .add("name", DataTypes.StringType, false)
          .add("text", DataTypes.StringType, false)
          .add("description", DataTypes.StringType, false);

  private PromptTable() {}

  /** Fills every template with every label, on the executors. */
  public static Dataset<Row> of(SparkSession spark, LabelSet labels, PromptTemplates templates) {
    List<Row> rows = new ArrayList<>(labels.size());
    for (Label label : labels.labels()) {
      rows.add(RowFactory.create(label.id(), label.name(), label.text(), label.description()));
    }
    return spark
        .createDataFrame(rows, LABELS)
        .flatMap(
            (FlatMapFunction<Row, Row>)
                row ->
                    templates
                        .prompts(
                            new Label(
                                row.getInt(0),
                                row.getString(1),
                                row.getString(2),
                                row.getString(3)))
                        .stream()
                        .map(
                            prompt ->
                                RowFactory.create(
                                    prompt.labelId(),
                                    row.getString(1),
                                    row.getString(3),
                                    prompt.promptId(),
                                    prompt.text(),
                                    prompt.split(),
                                    prompt.labelStart(),
                                    prompt.labelEnd()))
                        .iterator(),
            Encoders.row(SCHEMA));
  }
}
