package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Ops;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.bytedeco.pytorch.Tensor;

/** Probabilities of classes by a fitted head, sample by sample; rows stay on executors. */
public final class HeadProbabilities {
  /** Of an approximate search for neighbours. */
  private static final long SEED = 0;

  private HeadProbabilities() {}

  /**
   * What is said of a sample.
   *
   * @param id of the sample
   * @param label its class, -1 where unknown
   * @param probabilities of the classes [C]
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record OfSample(String id, int label, float[] probabilities) implements Serializable {}

  /** The probabilities of one block. */
  @FunctionalInterface
  private interface Scores extends Serializable {
    /** Logits [m, C] in double. */
    Tensor of(RowBlock block);
  }

  /**
   * The transform of all layers of a table, with the mean over all samples that training may see.
   */
  public static FeatureTransform transform(
      SparkSession spark, HeadSettings settings, String featuresDir) {
    return FeatureTransform.centred(settings, facts(spark, featuresDir));
  }

  /** Of all samples that training may see, by their first views. */
  public static JavaRDD<OfSample> of(SparkSession spark, String featuresDir, FittedHead fitted) {
    FeatureFacts facts = facts(spark, featuresDir);
    int views = facts.views();
    Broadcast<FeatureTransform> transform = broadcast(spark, fitted.transform());
    Broadcast<LinearHead> head = broadcast(spark, fitted.logits());
    return softmax(
        RowBlocks.read(spark, featuresDir, facts, false),
        block -> PoolRows.of(block, transform.value(), views).scoreTensor(head.value()));
  }

  /**
   * Of the labelled training samples, each as if the ridge had been fitted without it.
   *
   * @param fitted a ridge, fitted to these samples by these settings
   */
  public static JavaRDD<OfSample> leftOut(
      SparkSession spark, HeadSettings settings, String featuresDir, FittedHead fitted) {
    FeatureFacts facts = facts(spark, featuresDir);
    JavaRDD<RowBlock> labelled = RowBlocks.read(spark, featuresDir, facts, true);
    int classes = fitted.head().bias().length;
    double[] weights =
        ClassCounts.of(List.of(), counts(labelled, classes), settings.classWeights()).weights();
    double temperature = fitted.best().temperature();
    Broadcast<FeatureTransform> transform = broadcast(spark, fitted.transform());
    Broadcast<RidgeLeaveOneOut> ridge =
        broadcast(
            spark,
            RidgeLeaveOneOut.of(
                labelled, fitted.transform(), weights, facts.views(), fitted.best().parameter()));
    return softmax(
        labelled,
        block ->
            Ops.div(
                ridge.value().scores(transform.value().apply(block.values()), block.labels()),
                temperature));
  }

  /**
   * What the unlabelled samples are taken for when labels spread over the graph of nearest
   * neighbours.
   *
   * @param settings with {@code head.unlabelled = spread}
   * @param fitted to the labelled samples
   * @param classes their names
   * @return to be closed by the caller
   */
  public static UnlabelledFit spread(
      SparkSession spark,
      HeadSettings settings,
      String featuresDir,
      FittedHead fitted,
      List<String> classes) {
    FeatureFacts facts = facts(spark, featuresDir);
    long[] counts = counts(RowBlocks.read(spark, featuresDir, facts, true), classes.size());
    return new UnlabelledSamples(
            spark, settings, ClassCounts.of(classes, counts, settings.classWeights()), SEED)
        .fit(
            RowBlocks.read(spark, featuresDir, facts, false),
            facts.views(),
            fitted.transform(),
            fitted.head(),
            fitted.best().temperature());
  }

  private static long[] counts(JavaRDD<RowBlock> labelled, int classes) {
    long[] counts = new long[classes];
    labelled
        .map(RowBlock::labels)
        .toLocalIterator()
        .forEachRemaining(labels -> Arrays.stream(labels).forEach(label -> counts[label]++));
    return counts;
  }

  private static FeatureFacts facts(SparkSession spark, String dir) {
    return FeatureTable.facts(new HadoopFiles(spark.sparkContext().hadoopConfiguration()), dir);
  }

  private static <T> Broadcast<T> broadcast(SparkSession spark, T value) {
    return JavaSparkContext.fromSparkContext(spark.sparkContext()).broadcast(value);
  }

  private static JavaRDD<OfSample> softmax(JavaRDD<RowBlock> blocks, Scores scores) {
    return blocks.filter(block -> block.samples() > 0).flatMap(block -> softmax(block, scores));
  }

  private static Iterator<OfSample> softmax(RowBlock block, Scores scores) {
    NativeTorch.setThreads(TaskContext.get().cpus());
    float[] all;
    try (TensorScope scope = new TensorScope()) {
      all = Tensors.floats(Ops.softmax(scores.of(block), 1));
    }
    int classes = all.length / block.samples();
    List<OfSample> samples = new ArrayList<>(block.samples());
    for (int i = 0; i < block.samples(); i++) {
      samples.add(
          new OfSample(
              block.ids()[i],
              block.labels()[i],
              Arrays.copyOfRange(all, i * classes, (i + 1) * classes)));
    }
    return samples.iterator();
  }
}
