package io.github.lsgspark.curation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.features.FeatureTable.View;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.NativeTorch;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Transformed features of samples by their first views, numbered in the order of the samples'
 * names: the same numbers, however the table is cut. In Spark's storage until it is closed; the
 * driver holds the sizes of blocks and one class for each sample.
 */
final class SampleVectors implements AutoCloseable {
  /** Numbers of a block, so that a task holds few of them at a time. */
  private static final int NUMBERS = 1 << 22;

  private final JavaRDD<Block> blocks;
  private final JavaRDD<?> kept;
  private final int[] labels;

  private SampleVectors(JavaRDD<Block> blocks, JavaRDD<?> kept, int[] labels) {
    this.blocks = blocks;
    this.kept = kept;
    this.labels = labels;
  }

  /**
   * Some samples, one after the other.
   *
   * @param start number of the first
   * @param ids of the samples [m]
   * @param splits theirs [m]
   * @param labels classes of training samples [m], -1 for all others
   * @param x row-major [m, d]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  record Block(int start, String[] ids, String[] splits, int[] labels, float[] x)
      implements Serializable {

    int samples() {
      return ids.length;
    }

    Block from(int number) {
      return new Block(number, ids, splits, labels, x);
    }

    float[] row(int i) {
      int d = x.length / ids.length;
      return Arrays.copyOfRange(x, i * d, (i + 1) * d);
    }
  }

  /** Training samples with a label. */
  static Column labelled() {
    return col("split").equalTo(SampleTable.TRAIN).and(col("label_id").geq(0));
  }

  /** Samples that training may see. */
  static Column pool() {
    return col("split").isin(SampleTable.TRAIN, SampleTable.UNLABELLED);
  }

  /**
   * Reads a table.
   *
   * @param dir output of the stage features
   * @param which of its samples
   * @throws LsgException exit 3 if there is none, or a row is not as long as features.json says
   */
  static SampleVectors of(
      SparkSession spark, String dir, FeatureTransform transform, Column which) {
    FeatureFacts facts =
        FeatureTable.facts(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), dir);
    Dataset<Row> rows =
        FeatureTable.stored(spark, dir, facts.store())
            .filter(col("view").equalTo(0).and(which))
            .withColumn(
                "label_id",
                when(col("split").equalTo(SampleTable.TRAIN), col("label_id")).otherwise(-1))
            .orderBy("sample_id");
    int most = Math.max(1, NUMBERS / facts.dimension());
    Broadcast<FeatureTransform> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(transform);
    JavaRDD<Block> open =
        FeatureTable.views(rows, facts.store())
            .mapPartitions(part -> new Blocks(part, dir, most, shared));
    open.persist(StorageLevel.MEMORY_AND_DISK());
    List<int[]> labels = open.map(Block::labels).collect();
    int[] starts = new int[labels.size() + 1];
    IntStream.range(0, labels.size())
        .forEach(i -> starts[i + 1] = starts[i] + labels.get(i).length);
    JavaRDD<Block> numbered =
        open.zipWithIndex().map(one -> one._1().from(starts[one._2().intValue()]));
    int[] all = labels.stream().flatMapToInt(Arrays::stream).toArray();
    if (all.length == 0) {
      open.unpersist();
      throw LsgException.input(dir + ": holds no sample that is asked for");
    }
    return new SampleVectors(numbered, open, all);
  }

  JavaRDD<Block> blocks() {
    return blocks;
  }

  /** N. */
  int count() {
    return labels.length;
  }

  /** The class of each sample, -1 without one [N]. */
  int[] labels() {
    return labels.clone();
  }

  /** Names of samples by their numbers. */
  JavaRDD<Tuple2<Integer, String>> names() {
    return blocks.flatMap(
        block ->
            IntStream.range(0, block.samples())
                .mapToObj(i -> new Tuple2<>(block.start() + i, block.ids()[i]))
                .iterator());
  }

  @Override
  public void close() {
    kept.unpersist();
  }

  private static final class Blocks implements Iterator<Block> {
    private final Iterator<View> rows;
    private final String dir;
    private final int most;
    private final FeatureTransform transform;

    Blocks(Iterator<View> rows, String dir, int most, Broadcast<FeatureTransform> transform) {
      this.rows = rows;
      this.dir = dir;
      this.most = most;
      this.transform = transform.value();
    }

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public Block next() {
      List<View> some = new ArrayList<>();
      while (some.size() < most && rows.hasNext()) {
        some.add(rows.next());
      }
      int width = transform.width();
      float[] values = new float[some.size() * width];
      for (int i = 0; i < some.size(); i++) {
        float[] own = some.get(i).features();
        if (own.length != width) {
          throw LsgException.input(
              "%s: sample %s has %d features, not %d"
                  .formatted(dir, some.get(i).sample(), own.length, width));
        }
        System.arraycopy(own, 0, values, i * width, width);
      }
      NativeTorch.setThreads(TaskContext.get().cpus());
      return new Block(
          0,
          some.stream().map(View::sample).toArray(String[]::new),
          some.stream().map(View::split).toArray(String[]::new),
          some.stream().mapToInt(View::label).toArray(),
          transform.transformed(values));
    }
  }
}
