package io.github.lsgspark.head;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.features.FeatureFacts;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.TensorScope;
import io.github.lsgspark.torch.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;

/**
 * The transformed features of all labelled samples, on the driver, for a head that is trained.
 *
 * @param ids of the samples [n], ascending
 * @param labels their classes [n]
 * @param views of each sample
 * @param dimension d
 * @param x row-major [n · views, d], the views of a sample one behind the other
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record TrainingRows(String[] ids, int[] labels, int views, int dimension, float[] x) {

  /**
   * Reads them.
   *
   * @param featuresDir output of the stage features
   * @param fitted head whose layers and transform are taken
   * @param hidden samples whose labels are not to be seen
   * @throws LsgException exit 2 if they are too many for one machine
   */
  public static TrainingRows read(
      SparkSession spark, String featuresDir, FittedHead fitted, Set<String> hidden) {
    FeatureFacts facts =
        FeatureTable.facts(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), featuresDir);
    long numbers = fitted.samples() * facts.views() * facts.dimension();
    if (numbers > HeadFit.MOST_IN_MEMORY) {
      throw LsgException.usage(
          String.format(
              "head.kind = lsg trains on the driver, on at most %,d numbers, but %,d labelled samples"
                  + " of %d views and %,d features are %,d: set head.kind = ridge, which executors"
                  + " fit, or lower features.layers, features.views or data.label-budget",
              HeadFit.MOST_IN_MEMORY, fitted.samples(), facts.views(), facts.dimension(), numbers));
    }
    RowBlock all =
        RowBlock.joined(RowBlocks.read(spark, featuresDir, facts, true, hidden).collect());
    float[] x;
    try (TensorScope scope = new TensorScope()) {
      x = Tensors.floats(fitted.transform().apply(all.values()));
    }
    return sorted(all, facts.views(), fitted.transform().dimension(), x);
  }

  /** Rows come in the order of files; a training is to be the same in any. */
  private static TrainingRows sorted(RowBlock all, int views, int d, float[] x) {
    List<Integer> order =
        IntStream.range(0, all.samples())
            .boxed()
            .sorted(Comparator.comparing(i -> all.ids()[i]))
            .toList();
    int n = all.samples();
    TrainingRows rows =
        new TrainingRows(new String[n], new int[n], views, d, Arrays.copyOf(x, x.length));
    for (int i = 0; i < n; i++) {
      int from = order.get(i);
      rows.ids[i] = all.ids()[from];
      rows.labels[i] = all.labels()[from];
      System.arraycopy(x, from * views * d, rows.x, i * views * d, views * d);
    }
    return rows;
  }
}
