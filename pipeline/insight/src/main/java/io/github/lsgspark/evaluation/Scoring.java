package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** Forward passes over samples, distributed: each task opens the model once and goes in batches. */
final class Scoring {
  private Scoring() {}

  /**
   * @param samples rows of the sample table
   * @param batch images per forward pass
   */
  static JavaRDD<Scored> of(
      Dataset<Row> samples, ModelOpener opener, int batch, Classifiers classifiers) {
    return of(samples, opener, batch, classifiers, Nearby.NONE);
  }

  /** The same, with the training sample that each is most like. */
  static JavaRDD<Scored> of(
      Dataset<Row> samples, ModelOpener opener, int batch, Classifiers classifiers, Nearby nearby) {
    return samples
        .javaRDD()
        .mapPartitions(
            rows ->
                rows.hasNext() ? new Batches(rows, opener, batch, classifiers, nearby) : none());
  }

  private static Iterator<Scored> none() {
    return Collections.emptyIterator();
  }

  /**
   * Reads a batch of rows, scores it, hands out its samples. Closes the model at the task's end.
   */
  private static final class Batches implements Iterator<Scored> {
    private final Iterator<Row> rows;
    private final ModelOpener opener;
    private final OpenModel model;
    private final int size;
    private final Classifiers classifiers;
    private final Nearby.Finder finder;
    private Iterator<Scored> ready = Collections.emptyIterator();

    Batches(
        Iterator<Row> rows, ModelOpener opener, int size, Classifiers classifiers, Nearby nearby) {
      this.rows = rows;
      this.opener = opener;
      this.model = opener.open();
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> model.close());
      this.size = size;
      this.classifiers = classifiers;
      this.finder = nearby.open();
      TaskContext.get()
          .addTaskCompletionListener((TaskCompletionListener) context -> finder.close());
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || rows.hasNext();
    }

    @Override
    public Scored next() {
      if (!ready.hasNext()) {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        ready = nextBatch();
      }
      return ready.next();
    }

    private Iterator<Scored> nextBatch() {
      List<Row> batch = new ArrayList<>(size);
      List<Sample> samples = new ArrayList<>(size);
      while (batch.size() < size && rows.hasNext()) {
        Row row = rows.next();
        batch.add(row);
        samples.add(
            new Sample(row.getAs("id"), row.<Integer>getAs("label_id"), row.getAs("reference")));
      }
      List<OpenModel.Scores> scores = model.score(samples);
      for (int i = 0; i < batch.size(); i++) {
        requireFinite(samples.get(i), scores.get(i));
      }
      List<List<NearestSample>> nearest = finder.of(scores, 1);
      List<Scored> scored = new ArrayList<>(size);
      for (int i = 0; i < batch.size(); i++) {
        scored.add(
            classifiers
                .scored(samples.get(i), batch.get(i).getAs("split"), scores.get(i))
                .near(nearest.get(i)));
      }
      return scored.iterator();
    }

    private void requireFinite(Sample sample, OpenModel.Scores scores) {
      if (!scores.areFinite()) {
        throw LsgException.input(
            opener + ": what it says of sample " + sample.id() + " is no finite number");
      }
    }
  }
}
