package io.github.lsgspark.features;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.FeaturesSettings.Store;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureTable.View;
import io.github.lsgspark.torch.NeuralOps;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.sql.SparkSession;

/**
 * Means over the samples that training may see, labelled or not, by one pass over a table.
 *
 * @param mean of each number [d]
 * @param rootMean of their signed roots, {@link NeuralOps#signedRoot} [d]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record FeatureMeans(double[] mean, double[] rootMean) {
  private static final int DEPTH = 2;

  /** The means over a table that is written; zeros where there is no such sample. */
  static FeatureMeans of(SparkSession spark, String dir, Store store, int dimension) {
    double[] sums =
        FeatureTable.views(
                FeatureTable.stored(spark, dir, store)
                    .filter(col("split").isin(SampleTable.TRAIN, SampleTable.UNLABELLED)),
                store)
            .mapPartitions(FeatureMeans::partial)
            .treeAggregate(
                new double[2 * dimension + 1], FeatureMeans::added, FeatureMeans::added, DEPTH);
    double count = Math.max(1, sums[2 * dimension]);
    double[] mean = new double[dimension];
    double[] rootMean = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      mean[i] = sums[i] / count;
      rootMean[i] = sums[dimension + i] / count;
    }
    return new FeatureMeans(mean, rootMean);
  }

  /** Sums of the numbers, of their roots, and the count of rows. */
  private static Iterator<double[]> partial(Iterator<View> rows) {
    double[] sums = null;
    while (rows.hasNext()) {
      float[] features = rows.next().features();
      int d = features.length;
      sums = sums == null ? new double[2 * d + 1] : sums;
      for (int i = 0; i < d; i++) {
        sums[i] += features[i];
        double size = Math.max(Math.abs(features[i]), NeuralOps.STEEPEST_ROOT);
        sums[d + i] += features[i] / Math.sqrt(size);
      }
      sums[2 * d]++;
    }
    return sums == null ? Collections.emptyIterator() : List.of(sums).iterator();
  }

  private static double[] added(double[] a, double[] b) {
    double[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }
}
