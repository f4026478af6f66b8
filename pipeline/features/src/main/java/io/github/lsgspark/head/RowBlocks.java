package io.github.lsgspark.head;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FeatureTable.View;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads a table of features as blocks of rows. */
final class RowBlocks {
  /** Numbers of a block, so that a task holds few of them at a time. */
  private static final int NUMBERS = 1 << 22;

  private RowBlocks() {}

  /**
   * Samples that training may see, in blocks.
   *
   * @param dir output of the stage features
   * @param facts of it
   * @param labelled only those with a label
   */
  static JavaRDD<RowBlock> read(
      SparkSession spark, String dir, FeatureFacts facts, boolean labelled) {
    return read(spark, dir, facts, labelled, Set.of());
  }

  /**
   * The same without the labels of some samples.
   *
   * @param hidden their ids
   */
  static JavaRDD<RowBlock> read(
      SparkSession spark, String dir, FeatureFacts facts, boolean labelled, Set<String> hidden) {
    Column taken =
        labelled
            ? col("split").equalTo(SampleTable.TRAIN).and(col("label_id").geq(0))
            : col("split").isin(SampleTable.TRAIN, SampleTable.UNLABELLED);
    return blocks(
        spark,
        dir,
        facts,
        taken,
        row -> !labelled || !hidden.contains(row.sample()),
        row -> row.split().equals(SampleTable.TRAIN) && !hidden.contains(row.sample()));
  }

  /** Test samples whose class is known. */
  static JavaRDD<RowBlock> test(SparkSession spark, String dir, FeatureFacts facts) {
    Column taken = col("split").equalTo(SampleTable.TEST).and(col("label_id").geq(0));
    return blocks(spark, dir, facts, taken, row -> true, row -> true);
  }

  /** A condition on a view that goes to tasks. */
  private interface Condition extends Predicate<View>, Serializable {}

  private static JavaRDD<RowBlock> blocks(
      SparkSession spark,
      String dir,
      FeatureFacts facts,
      Column taken,
      Condition kept,
      Condition told) {
    Dataset<Row> rows = FeatureTable.stored(spark, dir, facts.store()).filter(taken);
    int views = facts.views();
    if (views > 1) {
      rows = rows.repartition(col("sample_id")).sortWithinPartitions("sample_id", "view");
    }
    int width = facts.dimension();
    int samples = Math.max(1, NUMBERS / width / views);
    return FeatureTable.views(rows, facts.store())
        .filter(kept::test)
        .mapPartitions(part -> new Blocks(part, dir, samples, views, width, told));
  }

  private static final class Blocks implements Iterator<RowBlock> {
    private final Iterator<View> rows;
    private final String dir;
    private final int samples;
    private final int views;
    private final int width;
    private final Condition told;

    Blocks(Iterator<View> rows, String dir, int samples, int views, int width, Condition told) {
      this.rows = rows;
      this.dir = dir;
      this.samples = samples;
      this.views = views;
      this.width = width;
      this.told = told;
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public RowBlock next() {
      if (!rows.hasNext()) {
        throw new NoSuchElementException();
      }
      List<String> ids = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      float[] values = new float[samples * views * width];
      int filled = 0;
      while (ids.size() < samples && rows.hasNext()) {
        for (int view = 0; view < views; view++) {
          View row = rows.hasNext() ? rows.next() : null;
          if (row == null || row.view() != view) {
            throw LsgException.input(
                dir + ": a sample has not the " + views + " views that features.json says");
          }
          if (view == 0) {
            ids.add(row.sample());
            labels.add(told.test(row) ? row.label() : -1);
          }
          filled = copy(row, values, filled);
        }
      }
      return new RowBlock(
          ids.toArray(String[]::new),
          labels.stream().mapToInt(Integer::intValue).toArray(),
          Arrays.copyOf(values, filled));
    }

    private int copy(View row, float[] values, int from) {
      float[] features = row.features();
      if (features.length != width) {
        throw LsgException.input(
            "%s: sample %s has %d features, not %d"
                .formatted(dir, row.sample(), features.length, width));
      }
      System.arraycopy(features, 0, values, from, width);
      return from + width;
    }
  }
}
