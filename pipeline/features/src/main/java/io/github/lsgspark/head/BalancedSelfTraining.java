package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.BalancedSettings;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Iterator;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Self-training in which classes keep their shares. It starts with a ridge of the labelled samples,
 * whatever their own head is: temperatures fit its scores. A round scores all samples, scales the
 * probabilities so that rows sum to 1 and columns to the shares ({@link Sinkhorn}), gives labelled
 * samples their labels back, and fits a weighted ridge to all. The driver holds [d, d + C] sums at
 * the end of a round.
 */
final class BalancedSelfTraining {
  private static final Logger LOG = LoggerFactory.getLogger(BalancedSelfTraining.class);

  private final JavaRDD<PoolRows> pool;
  private final BalancedSettings settings;
  private final double[] shares;

  /**
   * @param pool in Spark's storage
   * @param shares of the classes, [C]
   */
  BalancedSelfTraining(JavaRDD<PoolRows> pool, BalancedSettings settings, double[] shares) {
    this.pool = pool;
    this.settings = settings;
    this.shares = shares;
  }

  /** What is left when the rounds are over: W [C, d], and what it was fitted to. */
  record Trained(double[] weight, JavaRDD<TargetedRows> targets, JavaRDD<float[]> scores) {}

  /**
   * Runs the rounds.
   *
   * @param d features of a sample
   * @param classWeights of a labelled sample of each class in the ridge that scores first, [C]
   */
  Trained train(int d, double[] classWeights) {
    int classes = shares.length;
    JavaRDD<TargetedRows> labelled =
        pool.map(rows -> rows.labelled(classWeights)).filter(some -> some.rows().samples() > 0);
    LinearHead head =
        LinearHead.of(TargetedRows.ridge(labelled, d, classes, settings.firstLambda()), classes);
    JavaRDD<float[]> scores = null;
    JavaRDD<TargetedRows> targets = null;
    for (int round = 0; round < settings.rounds(); round++) {
      double t = round == 0 ? settings.firstTemperature() : settings.temperature();
      Broadcast<LinearHead> now = JavaSparkContext.fromSparkContext(pool.context()).broadcast(head);
      JavaRDD<float[]> before = scores;
      scores = pool.map(rows -> scored(rows, now.value())).persist(StorageLevel.MEMORY_AND_DISK());
      double[] columns = Sinkhorn.columns(scores, t, shares, settings.sweeps());
      float labelledWeight = (float) settings.labelledWeight();
      targets =
          pool.zipPartitions(scores, (rows, own) -> zipped(rows, own, t, columns, labelledWeight));
      head = LinearHead.of(TargetedRows.ridge(targets, d, classes, settings.lambda()), classes);
      if (before != null) {
        before.unpersist();
      }
      LOG.info("balanced self-training {}/{}", round + 1, settings.rounds());
    }
    return new Trained(head.weight(), targets, scores);
  }

  private static float[] scored(PoolRows rows, LinearHead head) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    return rows.scores(head);
  }

  private static Iterator<TargetedRows> zipped(
      Iterator<PoolRows> rows,
      Iterator<float[]> scores,
      double temperature,
      double[] columns,
      float labelledWeight) {
    return new Zipped(rows, scores, temperature, columns, labelledWeight);
  }

  /** One block at a time. */
  private record Zipped(
      Iterator<PoolRows> rows,
      Iterator<float[]> scores,
      double temperature,
      double[] columns,
      float labelledWeight)
      implements Iterator<TargetedRows> {

    @Override
    public boolean hasNext() {
      return rows.hasNext();
    }

    @Override
    public TargetedRows next() {
      PoolRows block = rows.next();
      int classes = columns.length;
      float[] p;
      try (TensorScope scope = new TensorScope()) {
        p = Tensors.floats(Sinkhorn.balanced(scores.next(), temperature, columns));
      }
      float[] weights = new float[block.samples()];
      for (int i = 0; i < weights.length; i++) {
        int from = i * classes;
        if (block.labels()[i] >= 0) {
          Arrays.fill(p, from, from + classes, 0);
          p[from + block.labels()[i]] = 1;
          weights[i] = labelledWeight;
        } else {
          for (int c = 0; c < classes; c++) {
            weights[i] = Math.max(weights[i], p[from + c]);
          }
        }
      }
      return new TargetedRows(block, new Targets(p, weights));
    }
  }
}
