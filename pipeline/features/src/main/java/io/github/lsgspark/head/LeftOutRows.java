package io.github.lsgspark.head;

import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.bytedeco.pytorch.Tensor;

/**
 * The labelled samples as heads see them that were fitted without them, computed when asked for.
 */
public final class LeftOutRows {
  private final JavaSparkContext spark;
  private final Rows labelled;
  private final LeftOutScorer scorer;
  private final double temperature;

  /**
   * @param scorer with one value of its parameter
   */
  LeftOutRows(JavaSparkContext spark, Rows labelled, LeftOutScorer scorer, double temperature) {
    this.spark = spark;
    this.labelled = labelled;
    this.scorer = scorer;
    this.temperature = temperature;
  }

  /**
   * One row for each labelled sample. The features that the head was fitted on must still be there.
   *
   * @param count classes that a row names at most
   */
  public JavaRDD<LeftOut> top(int count) {
    if (labelled.isLocal()) {
      Rows.useDriverThreads();
      return spark.parallelize(of(labelled.local(), scorer, temperature, count));
    }
    LeftOutScorer own = scorer;
    double divisor = temperature;
    return labelled
        .distributed()
        .mapPartitions(
            blocks -> {
              Rows.useTaskThreads();
              return new Flattened(blocks, own, divisor, count);
            });
  }

  /** One block's rows at a time. */
  private static final class Flattened implements Iterator<LeftOut> {
    private final Iterator<Block> blocks;
    private final LeftOutScorer scorer;
    private final double temperature;
    private final int count;
    private Iterator<LeftOut> rows = List.<LeftOut>of().iterator();

    Flattened(Iterator<Block> blocks, LeftOutScorer scorer, double temperature, int count) {
      this.blocks = blocks;
      this.scorer = scorer;
      this.temperature = temperature;
      this.count = count;
    }

    @Override
    public boolean hasNext() {
      while (!rows.hasNext() && blocks.hasNext()) {
        rows = of(blocks.next(), scorer, temperature, count).iterator();
      }
      return rows.hasNext();
    }

    @Override
    public LeftOut next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return rows.next();
    }
  }

  private static List<LeftOut> of(
      Block block, LeftOutScorer scorer, double temperature, int count) {
    List<LeftOut> rows = new ArrayList<>();
    if (block.count() == 0) {
      return rows;
    }
    try (TensorScope scope = new TensorScope()) {
      Tensor scores = scorer.scores(block).get(0);
      Tensor probabilities = Ops.softmax(Ops.div(scores, temperature), 1);
      int classes = (int) probabilities.size(1);
      int k = Math.min(count, classes);
      Ops.Largest top = Ops.largestOfRows(probabilities, k);
      float[] all = Tensors.floats(probabilities);
      float[] values = Tensors.floats(top.values());
      long[] columns = Tensors.longs(top.columns());
      int[] first = block.firstRows();
      for (int i = 0; i < first.length; i++) {
        int label = block.labels()[first[i]];
        int[] best = new int[k];
        float[] theirs = new float[k];
        for (int j = 0; j < k; j++) {
          best[j] = (int) columns[i * k + j];
          theirs[j] = values[i * k + j];
        }
        rows.add(new LeftOut(block.ids()[first[i]], label, all[i * classes + label], best, theirs));
      }
    }
    return rows;
  }
}
