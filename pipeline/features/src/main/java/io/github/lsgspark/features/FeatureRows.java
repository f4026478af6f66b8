package io.github.lsgspark.features;

import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.torch.Finite;
import io.github.lsgspark.torch.Halves;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.apache.spark.util.TaskCompletionListener;

/**
 * Computes a task's part of the table: from rows of the sample table to rows of the stored table. A
 * sample with a number that the table cannot hold gets none.
 */
final class FeatureRows implements FlatMapFunction<Iterator<Row>, Row> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<FrozenNetwork> network;
  private final Settings settings;
  private final boolean bfloat16;
  private final SerializableConfiguration hadoop;
  private final LongAccumulator done;
  private final CollectionAccumulator<String> broken;

  FeatureRows(
      Broadcast<FrozenNetwork> network,
      Settings settings,
      boolean bfloat16,
      Configuration hadoop,
      LongAccumulator done,
      CollectionAccumulator<String> broken) {
    this.network = network;
    this.settings = settings;
    this.bfloat16 = bfloat16;
    this.hadoop = new SerializableConfiguration(hadoop);
    this.done = done;
    this.broken = broken;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> samples) {
    if (!samples.hasNext()) {
      return Collections.emptyIterator();
    }
    List<Row> all = new ArrayList<>();
    samples.forEachRemaining(all::add);
    Extraction extraction = new Extraction(network.value(), settings, bfloat16, hadoop.value());
    Extraction.Batches batches =
        extraction.of(
            all.stream()
                .map(
                    row ->
                        new Sample(
                            row.getAs("id"),
                            row.<Integer>getAs("label_id"),
                            row.getAs("reference")))
                .toList());
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                task -> {
                  batches.close();
                  extraction.close();
                });
    return new Written(all.iterator(), batches);
  }

  /** Hands out the rows of one batch after the other. */
  private final class Written implements Iterator<Row> {
    private final Iterator<Row> samples;
    private final Extraction.Batches batches;
    private final Queue<Row> ready = new ArrayDeque<>();

    Written(Iterator<Row> samples, Extraction.Batches batches) {
      this.samples = samples;
      this.batches = batches;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && batches.hasNext()) {
        List<float[][]> features = batches.next();
        features.forEach(views -> add(samples.next(), views));
        done.add(features.size());
      }
      return !ready.isEmpty();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return ready.remove();
    }

    private void add(Row sample, float[][] views) {
      if (!Arrays.stream(views).allMatch(FeatureRows.this::isHeld)) {
        broken.add(sample.getAs("id"));
        return;
      }
      for (int view = 0; view < views.length; view++) {
        ready.add(
            RowFactory.create(
                sample.getAs("id"),
                sample.getAs("split"),
                sample.getAs("label_id"),
                sample.getAs("content"),
                view,
                stored(views[view])));
      }
    }
  }

  /** Whether the table can hold the values as what they are. */
  private boolean isHeld(float[] values) {
    if (settings.features().store() == Store.FLOAT16) {
      for (float value : values) {
        if (!(Math.abs(value) <= Halves.LARGEST)) {
          return false;
        }
      }
    }
    return Finite.all(values);
  }

  private Object stored(float[] values) {
    if (settings.features().store() == Store.FLOAT32) {
      return values;
    }
    short[] halves = new short[values.length];
    for (int i = 0; i < halves.length; i++) {
      halves[i] = Halves.of(values[i]);
    }
    return halves;
  }
}
