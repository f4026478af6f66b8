package io.github.lsgspark.sparkml;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.UnreadableSampleException;
import io.github.lsgspark.evaluation.SampleClassifier.Outcome;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;

/** Rows with predictions: each task opens the model once and goes through its rows in batches. */
final class Predictions implements Iterator<Row> {
  private static final String ENCODED = "_lsg_encoded";

  /**
   * How predictions are written.
   *
   * @param raw whether scores are wanted
   * @param probabilities whether probabilities are wanted
   */
  private record Form(
      RowClassifier classifier,
      int batch,
      int classes,
      boolean raw,
      boolean probabilities,
      String invalid)
      implements Serializable {}

  /** A row, and what the model sees of its sample; null if that is nothing. */
  private record Seen(Row row, float[] views) {}

  private final Iterator<Row> rows;
  private final Form form;
  private final RowClassifier.Opened model;
  private Iterator<Row> ready = Collections.emptyIterator();

  private Predictions(Iterator<Row> rows, Form form) {
    this.rows = rows;
    this.form = form;
    this.model = form.classifier().open();
    TaskContext.get().addTaskCompletionListener((TaskCompletionListener) context -> model.close());
  }

  /**
   * A table with predictions.
   *
   * @param schema of the result
   * @param batch samples per forward pass
   */
  static Dataset<Row> of(
      LsgClassificationModel owner,
      Dataset<Row> table,
      StructType schema,
      RowClassifier classifier,
      int batch) {
    Form form =
        new Form(
            classifier,
            batch,
            owner.numClasses(),
            !owner.getRawPredictionCol().isEmpty(),
            !owner.getProbabilityCol().isEmpty(),
            owner.getHandleInvalid());
    return table
        .withColumn(ENCODED, SampleColumn.encoded(table.schema(), owner.getInputCol()))
        .mapPartitions(
            (MapPartitionsFunction<Row, Row>)
                part -> part.hasNext() ? new Predictions(part, form) : Collections.emptyIterator(),
            Encoders.row(schema))
        .select(
            Arrays.stream(schema.fields())
                .map(field -> SampleColumn.named(field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && rows.hasNext()) {
      ready = nextBatch();
    }
    return ready.hasNext();
  }

  @Override
  public Row next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private Iterator<Row> nextBatch() {
    List<Seen> batch = new ArrayList<>();
    List<float[]> views = new ArrayList<>();
    while (batch.size() < form.batch() && rows.hasNext()) {
      Row row = rows.next();
      float[] seen = views(row);
      if (seen != null) {
        views.add(seen);
      }
      if (seen != null || form.invalid().equals(PredictionColumns.KEEP)) {
        batch.add(new Seen(row, seen));
      }
    }
    Iterator<Outcome> outcomes = model.classify(views).iterator();
    List<Row> done = new ArrayList<>(batch.size());
    for (Seen seen : batch) {
      done.add(row(seen.row(), seen.views() == null ? unknown() : outcomes.next()));
    }
    return done.iterator();
  }

  private float[] views(Row row) {
    byte[] encoded = (byte[]) row.get(row.size() - 1);
    try {
      return model.views(encoded == null ? new byte[0] : encoded);
    } catch (UnreadableSampleException e) {
      if (form.invalid().equals(PredictionColumns.ERROR)) {
        throw LsgException.input(
            "a sample cannot be opened: "
                + e.reason()
                + ", "
                + e.getMessage()
                + "; handleInvalid = skip leaves its row out, keep gives it NaN",
            e);
      }
      return null;
    }
  }

  private Outcome unknown() {
    double[] none = new double[form.classes()];
    Arrays.fill(none, Double.NaN);
    return new Outcome(none, none, -1);
  }

  private Row row(Row row, Outcome outcome) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.size() - 1; i++) {
      values.add(row.get(i));
    }
    if (form.raw()) {
      values.add(Vectors.dense(outcome.scores()));
    }
    if (form.probabilities()) {
      values.add(Vectors.dense(outcome.probabilities()));
    }
    values.add(outcome.predicted() < 0 ? Double.NaN : (double) outcome.predicted());
    return RowFactory.create(values.toArray());
  }
}
