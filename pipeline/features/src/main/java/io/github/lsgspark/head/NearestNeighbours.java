package io.github.lsgspark.head;

import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.RowOps;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.bytedeco.pytorch.Tensor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often the k nearest labelled samples vote for the class of a test sample, as networks are
 * judged without any training: votes weigh exp(cos / 0.07) (Wu et al. 2018, Unsupervised Feature
 * Learning via Non-Parametric Instance Discrimination, section 3.4; Caron et al. 2021, DINO).
 * Vectors are those of the table, each sample by its first view. The search is exact: labelled
 * samples go to the tasks in parts, and a test sample keeps its nearest so far. Nothing is chosen
 * by the figure.
 */
public final class NearestNeighbours {
  private static final Logger LOG = LoggerFactory.getLogger(NearestNeighbours.class);

  private static final double TEMPERATURE = 0.07;

  /** Numbers of the labelled samples that a task holds at a time: 128 MB. */
  private static final int PART = 1 << 25;

  private NearestNeighbours() {}

  /**
   * What was measured.
   *
   * @param k neighbours that vote, or as many as there are
   * @param samples of the test split whose class is known
   * @param accuracy of the votes; of classes with equal votes the first counts
   */
  public record Figure(int k, double temperature, long samples, double accuracy) {}

  /**
   * Measures a table.
   *
   * @param featuresDir output of the stage features
   * @param k neighbours
   * @return empty without test samples whose class is known
   */
  public static Optional<Figure> of(SparkSession spark, String featuresDir, int k) {
    FeatureFacts facts =
        FeatureTable.facts(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), featuresDir);
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "nearest neighbours")) {
      job.now("hold test samples against the labelled ones");
      Optional<Figure> figure =
          of(
              RowBlocks.test(spark, featuresDir, facts),
              RowBlocks.read(spark, featuresDir, facts, true),
              facts.views(),
              k,
              PART / facts.dimension());
      figure.ifPresent(
          one ->
              LOG.info(
                  String.format(
                      Locale.ROOT,
                      "head: the votes of the %d nearest labelled samples are right on %.2f %% of"
                          + " %,d test samples",
                      one.k(),
                      100 * one.accuracy(),
                      one.samples())));
      return figure;
    }
  }

  /**
   * The same of blocks.
   *
   * @param views rows of a sample
   * @param part labelled samples that go to tasks together, at least
   */
  static Optional<Figure> of(
      JavaRDD<RowBlock> test, JavaRDD<RowBlock> labelled, int views, int k, int part) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(test.context());
    JavaRDD<Nearest> nearest =
        test.map(block -> Nearest.none(block, views)).persist(StorageLevel.MEMORY_AND_DISK());
    Parts parts =
        new Parts(labelled.map(block -> firsts(block, views)).toLocalIterator(), Math.max(1, part));
    while (parts.hasNext()) {
      Broadcast<RowBlock> sent = context.broadcast(parts.next());
      JavaRDD<Nearest> next =
          nearest.map(one -> one.with(sent.value(), k)).persist(StorageLevel.MEMORY_AND_DISK());
      next.count();
      nearest.unpersist();
      nearest = next;
    }
    long samples = nearest.map(one -> (long) one.block().samples()).fold(0L, Long::sum);
    long right = nearest.map(Nearest::right).fold(0L, Long::sum);
    nearest.unpersist();
    return samples == 0
        ? Optional.empty()
        : Optional.of(new Figure(k, TEMPERATURE, samples, (double) right / samples));
  }

  /** Each sample by its first view. */
  private static RowBlock firsts(RowBlock block, int views) {
    int width = block.values().length / Math.max(1, block.samples() * views);
    float[] first = new float[block.samples() * width];
    for (int i = 0; i < block.samples(); i++) {
      System.arraycopy(block.values(), i * views * width, first, i * width, width);
    }
    return new RowBlock(block.ids(), block.labels(), first);
  }

  /** Blocks joined to parts of at least so many samples. */
  private record Parts(Iterator<RowBlock> blocks, int samples) implements Iterator<RowBlock> {

    @Override
    public boolean hasNext() {
      return blocks.hasNext();
    }

    @Override
    public RowBlock next() {
      if (!blocks.hasNext()) {
        throw new NoSuchElementException();
      }
      List<RowBlock> some = new ArrayList<>();
      int count = 0;
      while (blocks.hasNext() && count < samples) {
        RowBlock block = blocks.next();
        some.add(block);
        count += block.samples();
      }
      return RowBlock.joined(some);
    }
  }

  /**
   * Test samples and their nearest so far.
   *
   * @param cosines largest first [m, n]
   * @param labels of these neighbours [m, n]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Nearest(RowBlock block, float[] cosines, long[] labels) implements Serializable {

    static Nearest none(RowBlock block, int views) {
      return new Nearest(firsts(block, views), new float[0], new long[0]);
    }

    /** With further labelled samples. */
    Nearest with(RowBlock more, int k) {
      if (block.samples() == 0) {
        return this;
      }
      NativeTorch.setThreads(TaskContext.get().cpus());
      int m = block.samples();
      int known = cosines.length / m;
      try (TensorScope scope = new TensorScope()) {
        Tensor products = Ops.matmul(rows(block), Ops.transpose(rows(more), 0, 1));
        Tensor classes = classes(more.labels());
        Tensor found = known == 0 ? products : Ops.cat(1, Tensors.of(cosines, m, known), products);
        RowOps.Largest largest = RowOps.largestOfRows(found, (int) Math.min(k, found.size(1)));
        Tensor all = classes.unsqueeze(0).expand(m, classes.size(0));
        Tensor labelled = known == 0 ? all : Ops.cat(1, Tensors.of(labels, m, known), all);
        return new Nearest(
            block,
            Tensors.floats(largest.values()),
            Tensors.longs(labelled.gather(1, largest.columns())));
      }
    }

    private static Tensor rows(RowBlock block) {
      Tensor x =
          Tensors.of(block.values(), block.samples(), block.values().length / block.samples());
      return RowOps.normalizeRows(x, 1e-12);
    }

    private static Tensor classes(int[] labels) {
      long[] wide = new long[labels.length];
      for (int i = 0; i < wide.length; i++) {
        wide[i] = labels[i];
      }
      return Tensors.of(wide, wide.length);
    }

    /** Samples whose class has the most votes. */
    long right() {
      long right = 0;
      for (int i = 0; i < block.samples(); i++) {
        right += winner(i) == block.labels()[i] ? 1 : 0;
      }
      return right;
    }

    private long winner(int i) {
      int n = cosines.length / block.samples();
      Map<Long, Double> votes = new TreeMap<>();
      for (int j = i * n; j < (i + 1) * n; j++) {
        // Divided by the largest, which no vote overflows.
        votes.merge(labels[j], Math.exp((cosines[j] - cosines[i * n]) / TEMPERATURE), Double::sum);
      }
      long winner = -1;
      double most = 0;
      for (var vote : votes.entrySet()) {
        if (vote.getValue() > most) {
          winner = vote.getKey();
          most = vote.getValue();
        }
      }
      return winner;
    }
  }
}
