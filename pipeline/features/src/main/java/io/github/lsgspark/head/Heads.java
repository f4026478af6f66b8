package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;

/**
 * Fits heads. Rows are kept in Spark's storage, on disk where memory is full, until {@link
 * #close()}; what the driver holds does not grow with them, but for labelled rows no more than
 * there are features.
 */
public final class Heads implements AutoCloseable {
  private static final int NAMED = 5;

  private final JavaSparkContext spark;
  private final HeadSettings settings;
  private final HeadInput input;
  private final JavaRDD<Block> pool;
  private final JavaRDD<Block> labelledBlocks;
  private final PoolSums sums;

  /**
   * Looks at all rows once.
   *
   * @throws LsgException exit 3 naming the sample or class for features that are not finite or of
   *     another number than the layers have, for a label out of range, and for a class without one
   */
  public Heads(JavaSparkContext spark, HeadInput input, HeadSettings settings) {
    this.spark = spark;
    this.input = input;
    this.settings = settings;
    int dimension = input.slices().stream().mapToInt(s -> s.from() + s.length()).max().orElse(0);
    int classes = input.classes().size();
    this.pool =
        FeatureBlocks.of(input.rows(), dimension, classes).persist(StorageLevel.MEMORY_AND_DISK());
    this.labelledBlocks =
        pool.map(Block::labelled)
            .filter(block -> block.count() > 0)
            .persist(StorageLevel.MEMORY_AND_DISK());
    if (pool.isEmpty()) {
      throw LsgException.input("there are no samples with features");
    }
    this.sums = Rows.of(pool).sum(new PoolSums.Pass(settings.root(), dimension, classes));
    requireLabels();
  }

  private void requireLabels() {
    List<String> missing = new ArrayList<>();
    for (int c = 0; c < input.classes().size(); c++) {
      if (sums.classRows()[c] == 0) {
        missing.add(input.classes().get(c));
      }
    }
    if (!missing.isEmpty()) {
      throw LsgException.input(
          "%s without a labelled sample, of which a head needs one: %s%s"
              .formatted(
                  missing.size() == 1 ? "a class is" : missing.size() + " classes are",
                  String.join(", ", missing.subList(0, Math.min(NAMED, missing.size()))),
                  missing.size() > NAMED ? ", ..." : ""));
    }
  }

  /** Fits the head of the settings on the labelled samples. */
  public HeadFit fit() {
    HeadKind kind = HeadKinds.of(settings);
    HeadProblem problem = problem();
    if (!settings.whitens()) {
      return kind.fit(problem);
    }
    FeatureTransform plain =
        problem.transforms().size() == 1
            ? problem.transforms().get(0)
            : kind.fit(problem).transform();
    return kind.fit(problem.with(HalfWhitening.of(Rows.of(pool), plain)));
  }

  HeadProblem problem() {
    double[] mean = sums.mean();
    List<FeatureTransform> transforms =
        LayerSet.candidates(settings, input.slices()).stream()
            .map(set -> new FeatureTransform(settings.root(), set, set.of(mean), null))
            .toList();
    int largest = transforms.stream().mapToInt(FeatureTransform::dimension).max().orElse(0);
    Rows labelled =
        sums.labelledRows() <= largest
            ? Rows.of(Block.joined(labelledBlocks.collect(), mean.length))
            : Rows.of(labelledBlocks);
    return new HeadProblem(
        spark, settings, input.classes(), transforms, labelled, sums.classRows());
  }

  JavaRDD<Block> pool() {
    return pool;
  }

  /** Lets go of the rows; what was fitted stays, but for {@link HeadFit#leftOut()}. */
  @Override
  public void close() {
    labelledBlocks.unpersist();
    pool.unpersist();
  }
}
