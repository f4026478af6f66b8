package io.github.lsgspark.embedding;

import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.embedding.transformer.OpenedModel;
import io.github.lsgspark.embedding.transformer.OpenedModels;
import io.github.lsgspark.embedding.transformer.PromptTokens;
import io.github.lsgspark.torch.ComputeDevice;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TaskDevice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/** Token ids into vectors, batch by batch. */
final class EncodeTask implements FlatMapFunction<Iterator<Tuple2<Long, EncodeTask.Item>>, Row> {
  private static final long serialVersionUID = 1L;

  /** A tokenised prompt on its way to its batch. */
  record Item(String prompt, int labelStart, int labelEnd, PromptTokens tokens)
      implements Serializable {

    static Item of(Row row) {
      return new Item(
          row.getString(0),
          row.getInt(1),
          row.getInt(2),
          new PromptTokens(
              row.<Long>getList(5).stream().mapToLong(Long::longValue).toArray(),
              row.<Integer>getList(6).stream().mapToInt(Integer::intValue).toArray(),
              row.getInt(3),
              0));
    }

    Row withVector(float[] vector) {
      return RowFactory.create(prompt, labelStart, labelEnd, tokens.cut(), unit(vector));
    }

    private Float[] unit(float[] vector) {
      double[] wide = new double[vector.length];
      for (int d = 0; d < wide.length; d++) {
        wide[d] = vector[d];
      }
      return EmbeddedPrompt.unit(wide, prompt);
    }
  }

  private final LengthBatches batches;
  private final ModelSpec spec;
  private final TrainSettings.Device device;
  private final LongAccumulator done;

  private EncodeTask(
      LengthBatches batches, ModelSpec spec, TrainSettings.Device device, LongAccumulator done) {
    this.batches = batches;
    this.spec = spec;
    this.device = device;
    this.done = done;
  }

  /**
   * The vectors of tokenized prompts, a task per part.
   *
   * @param tokens a table of {@link TokenizeTask#SCHEMA}
   * @param done counts tokens
   * @return a table of {@link VectorCache#SCHEMA}
   */
  static Dataset<Row> vectors(
      Dataset<Row> tokens,
      LengthBatches batches,
      ModelSpec spec,
      TrainSettings.Device device,
      LongAccumulator done) {
    JavaRDD<Row> sorted = tokens.orderBy("length", "prompt", "label_start", "label_end").javaRDD();
    JavaPairRDD<Long, Item> numbered =
        sorted.zipWithIndex().mapToPair(row -> new Tuple2<>(row._2(), Item.of(row._1())));
    JavaRDD<Row> vectors =
        numbered
            .repartitionAndSortWithinPartitions(batches)
            .mapPartitions(new EncodeTask(batches, spec, device, done));
    return tokens.sparkSession().createDataFrame(vectors, VectorCache.SCHEMA);
  }

  @Override
  public Iterator<Row> call(Iterator<Tuple2<Long, Item>> items) {
    TaskContext task = TaskContext.get();
    NativeTorch.setThreads(task.cpus());
    ComputeDevice own = TaskDevice.of(task, device);
    if (own.isCuda()) {
      NativeTorch.allowTf32(false);
    }
    return new Batches(items, OpenedModels.forTask(task, spec, own));
  }

  /** Computes a batch when its first row is asked for, so that a task holds one batch at a time. */
  private final class Batches implements Iterator<Row> {
    private final Iterator<Tuple2<Long, Item>> items;
    private final OpenedModel model;
    private Iterator<Row> ready = Collections.emptyIterator();
    private Item next;

    Batches(Iterator<Tuple2<Long, Item>> items, OpenedModel model) {
      this.items = items;
      this.model = model;
    }

    @Override
    public boolean hasNext() {
      return ready.hasNext() || next != null || items.hasNext();
    }

    @Override
    public Row next() {
      if (!ready.hasNext()) {
        ready = encode(batch()).iterator();
      }
      return ready.next();
    }

    private List<Item> batch() {
      List<Item> batch = new ArrayList<>();
      if (next != null) {
        batch.add(next);
        next = null;
      }
      while (items.hasNext()) {
        Tuple2<Long, Item> item = items.next();
        if (!batch.isEmpty() && batches.startsBatch(item._1())) {
          next = item._2();
          break;
        }
        batch.add(item._2());
      }
      return batch;
    }

    private List<Row> encode(List<Item> batch) {
      float[][] vectors = model.encode(batch.stream().map(Item::tokens).toList());
      List<Row> rows = new ArrayList<>(batch.size());
      for (int i = 0; i < vectors.length; i++) {
        rows.add(batch.get(i).withVector(vectors[i]));
      }
      done.add((long) batch.size() * batch.get(0).tokens().ids().length);
      return rows;
    }
  }
}
