package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings.SpreadSettings;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.Optional;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Labels spread over the graph of nearest neighbours (Zhou et al. 2004): F ← α W F + (1 − α) F₀, F₀
 * the one-hot labels. Blocks of F stay where their rows of W are; in a sweep each block sends to
 * every other those of its rows that it has edges to, which are the same by symmetry.
 */
final class LabelSpreading {
  private static final int DEPTH = 2;

  /** Sweeps between two that are computed and cut from their plan, which would grow too deep. */
  private static final int KEPT = 4;

  private final SpreadSettings settings;
  private final int classes;

  LabelSpreading(SpreadSettings settings, int classes) {
    this.settings = settings;
    this.classes = classes;
  }

  /** Rows of F that one block sends to another. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Message(int from, int[] rows, float[] values) implements Serializable {}

  /**
   * F after all sweeps, in Spark's storage.
   *
   * @param graph by block, partitioned by {@code partitioner}
   * @param pool by block, partitioned likewise
   */
  JavaPairRDD<Integer, float[]> spread(
      JavaPairRDD<Integer, SpreadGraph.Part> graph,
      JavaPairRDD<Integer, PoolRows> pool,
      HashPartitioner partitioner) {
    int c = classes;
    double alpha = settings.alpha();
    JavaPairRDD<Integer, float[]> f = pool.mapValues(rows -> labels(rows, 1, c));
    JavaPairRDD<Integer, float[]> kept = null;
    for (int sweep = 1; sweep <= settings.sweeps(); sweep++) {
      JavaPairRDD<Integer, Iterable<Message>> sent =
          graph
              .join(f, partitioner)
              .flatMapToPair(one -> messages(one._1(), one._2()._1(), one._2()._2(), c).iterator())
              .groupByKey(partitioner);
      f =
          pool.leftOuterJoin(graph.join(sent, partitioner), partitioner)
              .mapValues(one -> swept(one._1(), one._2(), alpha, c));
      if (sweep % KEPT == 0 || sweep == settings.sweeps()) {
        f.persist(StorageLevel.MEMORY_AND_DISK());
        f.rdd().localCheckpoint();
        f.count();
        if (kept != null) {
          kept.unpersist();
        }
        kept = f;
      }
    }
    return f;
  }

  private static float[] labels(PoolRows rows, double value, int classes) {
    float[] f = new float[rows.samples() * classes];
    for (int i = 0; i < rows.samples(); i++) {
      if (rows.labels()[i] >= 0) {
        f[i * classes + rows.labels()[i]] = (float) value;
      }
    }
    return f;
  }

  private static List<Tuple2<Integer, Message>> messages(
      int from, SpreadGraph.Part part, float[] f, int classes) {
    Map<Integer, List<Integer>> wanted = new HashMap<>();
    for (int i = 0; i < part.rows().length; i++) {
      List<Integer> rows = wanted.computeIfAbsent(part.blocks()[i], block -> new ArrayList<>());
      // Rows ascend, so that a row that was wanted before is the last one.
      if (rows.isEmpty() || rows.get(rows.size() - 1) != part.rows()[i]) {
        rows.add(part.rows()[i]);
      }
    }
    List<Tuple2<Integer, Message>> messages = new ArrayList<>();
    wanted.forEach(
        (block, rows) -> {
          int[] own = rows.stream().mapToInt(Integer::intValue).toArray();
          float[] values = new float[own.length * classes];
          for (int i = 0; i < own.length; i++) {
            System.arraycopy(f, own[i] * classes, values, i * classes, classes);
          }
          messages.add(new Tuple2<>(block, new Message(from, own, values)));
        });
    return messages;
  }

  private static float[] swept(
      PoolRows pool,
      Optional<Tuple2<SpreadGraph.Part, Iterable<Message>>> found,
      double alpha,
      int classes) {
    float[] next = labels(pool, 1 - alpha, classes);
    if (!found.isPresent()) {
      return next;
    }
    Map<Integer, Message> messages = new HashMap<>();
    found.get()._2().forEach(message -> messages.put(message.from, message));
    SpreadGraph.Part part = found.get()._1();
    for (int i = 0; i < part.rows().length; i++) {
      Message message = messages.get(part.blocks()[i]);
      int at = Arrays.binarySearch(message.rows, part.columns()[i]) * classes;
      int row = part.rows()[i] * classes;
      double weight = alpha * part.weights()[i];
      for (int c = 0; c < classes; c++) {
        next[row + c] += (float) (weight * message.values[at + c]);
      }
    }
    return next;
  }

  /**
   * What samples are taken for: columns of F in the proportions of the shares, rows summing to 1.
   * Labelled samples keep their labels.
   *
   * @param shares [C]
   */
  JavaRDD<TargetedRows> targets(
      JavaPairRDD<Integer, PoolRows> pool, JavaPairRDD<Integer, float[]> f, double[] shares) {
    int classCount = classes;
    double[] sums =
        f.values().map(block -> columnSums(block, classCount)).treeReduce(Sums::added, DEPTH);
    double[] factors = new double[classes];
    for (int c = 0; c < classes; c++) {
      factors[c] = sums[c] > 0 ? shares[c] / sums[c] : 0;
    }
    float labelled = (float) settings.labelledWeight();
    return pool.join(f)
        .values()
        .map(one -> new TargetedRows(one._1(), targets(one._1(), one._2(), factors, labelled)));
  }

  private static double[] columnSums(float[] f, int classes) {
    double[] sums = new double[classes];
    for (int i = 0; i < f.length; i++) {
      sums[i % classes] += f[i];
    }
    return sums;
  }

  private static Targets targets(PoolRows rows, float[] f, double[] factors, float labelled) {
    int classes = factors.length;
    float[] p = new float[f.length];
    float[] weights = new float[rows.samples()];
    for (int i = 0; i < weights.length; i++) {
      int from = i * classes;
      if (rows.labels()[i] >= 0) {
        p[from + rows.labels()[i]] = 1;
        weights[i] = labelled;
        continue;
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += factors[c] * f[from + c];
      }
      double entropy = 0;
      for (int c = 0; c < classes && sum > 0; c++) {
        double share = factors[c] * f[from + c] / sum;
        p[from + c] = (float) share;
        entropy -= share > 0 ? share * Math.log(share) : 0;
      }
      // A sample that no label reaches counts nothing.
      weights[i] = sum > 0 ? (float) Math.max(0, 1 - entropy / Math.log(classes)) : 0;
    }
    return new Targets(p, weights);
  }
}
