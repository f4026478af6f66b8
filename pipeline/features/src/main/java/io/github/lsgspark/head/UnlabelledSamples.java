package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.config.HeadSettings.Unlabelled;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Fits a head to all samples, the unlabelled ones by what the head of the labelled ones and their
 * likeness to each other say. Each sample counts by its first view.
 */
final class UnlabelledSamples {
  private static final Logger LOG = LoggerFactory.getLogger(UnlabelledSamples.class);

  private final SparkSession spark;
  private final HeadSettings settings;
  private final ClassCounts classes;
  private final long seed;

  UnlabelledSamples(SparkSession spark, HeadSettings settings, ClassCounts classes, long seed) {
    this.spark = spark;
    this.settings = settings;
    this.classes = classes;
    this.seed = seed;
  }

  /**
   * The head of all samples.
   *
   * @param blocks of all samples that training may see
   * @param views rows of a sample
   * @param labelled the head of the labelled ones, its scores not yet divided by {@code
   *     temperature}
   * @throws LsgException exit 2 for shares of classes that are wrong; exit 3 where there is no
   *     unlabelled sample
   */
  UnlabelledFit fit(
      JavaRDD<RowBlock> blocks,
      int views,
      FeatureTransform transform,
      LinearHead labelled,
      double temperature) {
    double[] shares = Marginals.of(settings, classes, spark.sparkContext().hadoopConfiguration());
    // A whitening has d² numbers, which no task of the many jobs should carry.
    Broadcast<FeatureTransform> shared =
        JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(transform);
    JavaRDD<PoolRows> pool =
        blocks
            .filter(block -> block.samples() > 0)
            .map(block -> PoolRows.inTask(block, shared.value(), views))
            .persist(StorageLevel.MEMORY_AND_DISK());
    long unlabelled = pool.map(PoolRows::unlabelled).fold(0L, Long::sum);
    if (unlabelled == 0) {
      pool.unpersist();
      throw LsgException.input(
          "head.unlabelled = %s, but there is no unlabelled sample"
              .formatted(settings.unlabelled() == Unlabelled.BALANCED ? "balanced" : "spread"));
    }
    LOG.info("head: {} unlabelled samples take part", unlabelled);
    List<JavaRDD<?>> kept = new ArrayList<>(List.of(pool));
    double[] weight;
    JavaRDD<TargetedRows> targets;
    if (settings.unlabelled() == Unlabelled.BALANCED) {
      BalancedSelfTraining.Trained trained =
          new BalancedSelfTraining(pool, settings.balanced(), shares)
              .train(transform.dimension(), classes.weights());
      kept.add(trained.scores());
      weight = trained.weight();
      targets = trained.targets();
    } else {
      targets = spread(pool, shares, kept);
      weight =
          TargetedRows.ridge(
              targets, transform.dimension(), shares.length, settings.spread().lambda());
    }
    LinearHead head = LinearHead.of(weight, shares.length);
    double divisor =
        settings.fixedTemperature().isPresent()
            ? settings.fixedTemperature().getAsDouble()
            : Confidence.temperature(pool, labelled, temperature, head);
    return new UnlabelledFit(head, divisor, TargetedRows.softLabels(targets), kept);
  }

  private JavaRDD<TargetedRows> spread(
      JavaRDD<PoolRows> pool, double[] shares, List<JavaRDD<?>> kept) {
    JavaPairRDD<Long, PoolRows> indexed =
        pool.zipWithIndex().mapToPair(one -> new Tuple2<>(one._2(), one._1()));
    List<Tuple2<Long, Integer>> sizes = indexed.mapValues(PoolRows::samples).collect();
    int[] starts = new int[sizes.size() + 1];
    sizes.forEach(one -> starts[(int) (one._1() + 1)] = one._2());
    IntStream.range(0, sizes.size()).forEach(i -> starts[i + 1] += starts[i]);
    HashPartitioner partitioner = new HashPartitioner(sizes.size());
    JavaPairRDD<Integer, PoolRows> numbered =
        indexed
            .mapToPair(one -> new Tuple2<>(one._1().intValue(), one._2()))
            .partitionBy(partitioner)
            .persist(StorageLevel.MEMORY_AND_DISK());
    JavaPairRDD<Integer, SpreadGraph.Part> graph =
        SpreadGraph.of(spark, numbered, starts, settings.spread(), seed);
    LabelSpreading spreading = new LabelSpreading(settings.spread(), shares.length);
    // Rows of features stay where they are: only labels go through the sweeps.
    JavaPairRDD<Integer, PoolRows> labels = numbered.mapValues(PoolRows::withoutFeatures);
    JavaPairRDD<Integer, float[]> f = spreading.spread(graph, labels, partitioner);
    graph.unpersist();
    kept.add(numbered.rdd().toJavaRDD());
    kept.add(f.rdd().toJavaRDD());
    return spreading.targets(numbered, f, shares);
  }
}
