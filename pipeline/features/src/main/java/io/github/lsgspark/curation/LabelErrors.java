package io.github.lsgspark.curation;

import io.github.lsgspark.config.AuditSettings;
import io.github.lsgspark.curation.Neighbourhoods.Near;
import io.github.lsgspark.head.HeadProbabilities.OfSample;
import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.Optional;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import scala.Tuple2;

/**
 * Labels that may be wrong. Each labelled sample has two sets of probabilities that its own label
 * has no part in: those of a head that was fitted without it, and the shares of classes among its
 * nearest labelled samples, weighted by max(cosine, 0)^power. Their mean ranks the samples.
 *
 * <p>Beside it stands the verdict of confident learning (Northcutt et al. 2021): the threshold of a
 * class is what its own samples have of it in the mean; a sample is off the diagonal if, of the
 * classes whose thresholds it reaches, its label is not the likeliest.
 */
final class LabelErrors {
  /** Probabilities are added up as whole numbers of this many bits: the same in any order. */
  private static final double FIXED = 1L << 40;

  private final AuditSettings settings;

  LabelErrors(AuditSettings settings) {
    this.settings = settings;
  }

  /**
   * What came of it.
   *
   * @param likeliest the listed ones
   * @param judged samples that were looked at
   * @param suspects of them those of which another class is likelier
   * @param confident of them those that confident learning calls errors
   * @param leftOutAccuracy share of them whose label leave-one-out finds
   * @param alone labelled samples that are their class's only one: nothing can be said of them
   */
  record Found(
      List<LabelError> likeliest,
      long judged,
      long suspects,
      long confident,
      double leftOutAccuracy,
      long alone) {}

  /** What is known of all classes. */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Classes(
      long[] counts, double[] thresholds, int[] labels, double power, double share)
      implements Serializable {}

  /** A sample's verdict, listed or not. */
  private record Judged(LabelError error, boolean suspect, boolean found) implements Serializable {}

  /**
   * Looks at all labelled samples.
   *
   * @param leftOut their probabilities without them
   * @param samples the same samples, numbered
   * @param near their neighbours among themselves
   * @param classes C
   */
  Found of(
      JavaRDD<OfSample> leftOut,
      SampleVectors samples,
      JavaPairRDD<Integer, Near> near,
      int classes) {
    JavaRDD<OfSample> kept = leftOut.persist(StorageLevel.MEMORY_AND_DISK());
    long[] counts = new long[classes];
    int[] labels = samples.labels();
    Arrays.stream(labels).forEach(label -> counts[label]++);
    JavaSparkContext spark = JavaSparkContext.fromSparkContext(leftOut.context());
    Broadcast<Classes> all =
        spark.broadcast(
            new Classes(
                counts,
                thresholds(kept, counts),
                labels,
                settings.power(),
                settings.neighbourShare()));
    JavaPairRDD<String, Optional<Near>> neighbours =
        JavaPairRDD.fromJavaRDD(samples.names()).leftOuterJoin(near).mapToPair(one -> one._2());
    JavaRDD<Judged> judged =
        kept.mapToPair(one -> new Tuple2<>(one.id(), one))
            .join(neighbours)
            .values()
            .filter(one -> all.value().counts[one._1().label()] > 1)
            .map(one -> judged(one._1(), one._2(), all.value()))
            .persist(StorageLevel.MEMORY_AND_DISK());
    long[] sums =
        judged
            .map(
                one ->
                    new long[] {
                      1, one.suspect ? 1 : 0, one.error.confident() ? 1 : 0, one.found ? 1 : 0
                    })
            .fold(new long[4], LabelErrors::added);
    List<LabelError> likeliest =
        judged
            .filter(one -> one.suspect)
            .map(one -> one.error)
            .takeOrdered(settings.listed(), LabelError.LIKELIEST_FIRST);
    judged.unpersist();
    kept.unpersist();
    long alone = Arrays.stream(counts).filter(count -> count == 1).count();
    return new Found(
        likeliest, sums[0], sums[1], sums[2], sums[0] == 0 ? 0 : (double) sums[3] / sums[0], alone);
  }

  private static long[] added(long[] a, long[] b) {
    long[] sum = a.clone();
    for (int i = 0; i < sum.length; i++) {
      sum[i] += b[i];
    }
    return sum;
  }

  /** The mean probability of each class among its own samples; above 1 for a class of one. */
  private static double[] thresholds(JavaRDD<OfSample> leftOut, long[] counts) {
    int classes = counts.length;
    long[] sums =
        leftOut
            .mapPartitions(
                part -> {
                  long[] own = new long[classes];
                  part.forEachRemaining(
                      one ->
                          own[one.label()] += Math.round(one.probabilities()[one.label()] * FIXED));
                  return List.of(own).iterator();
                })
            .fold(new long[classes], LabelErrors::added);
    double[] thresholds = new double[classes];
    for (int c = 0; c < classes; c++) {
      thresholds[c] = counts[c] > 1 ? sums[c] / FIXED / counts[c] : 2;
    }
    return thresholds;
  }

  private static Judged judged(OfSample one, Optional<Near> near, Classes all) {
    float[] p = one.probabilities();
    int label = one.label();
    double[] shares = near.isPresent() ? shares(near.get(), p.length, all) : new double[0];
    double part = shares.length == 0 ? 0 : all.share;
    double[] mean = new double[p.length];
    int best = -1;
    int likeliest = 0;
    int other = -1;
    int confident = -1;
    for (int c = 0; c < p.length; c++) {
      mean[c] = (1 - part) * p[c] + (part > 0 ? part * shares[c] : 0);
      best = c != label && (best < 0 || mean[c] > mean[best]) ? c : best;
      other = c != label && (other < 0 || p[c] > p[other]) ? c : other;
      likeliest = p[c] > p[likeliest] ? c : likeliest;
      boolean reached = p[c] >= all.thresholds[c];
      confident = reached && (confident < 0 || p[c] > p[confident]) ? c : confident;
    }
    LabelError error =
        new LabelError(
            one.id(),
            label,
            best,
            1 - mean[label],
            p[label],
            p[best],
            p[label] - p[other],
            shares.length == 0 ? 0 : shares[label],
            shares.length == 0 ? 0 : shares[best],
            confident >= 0 && confident != label);
    return new Judged(error, mean[best] > mean[label], likeliest == label);
  }

  /** Shares of classes among neighbours; empty where none has a cosine above 0. */
  private static double[] shares(Near near, int classes, Classes all) {
    double[] shares = new double[classes];
    double sum = 0;
    for (int i = 0; i < near.numbers().length; i++) {
      double weight = near.cosines()[i] > 0 ? Math.pow(near.cosines()[i], all.power) : 0;
      shares[all.labels[near.numbers()[i]]] += weight;
      sum += weight;
    }
    if (!(sum > 0)) {
      return new double[0];
    }
    for (int c = 0; c < classes; c++) {
      shares[c] /= sum;
    }
    return shares;
  }
}
