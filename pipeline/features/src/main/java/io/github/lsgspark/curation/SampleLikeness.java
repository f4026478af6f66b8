package io.github.lsgspark.curation;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;

import io.github.lsgspark.config.AuditSettings;
import io.github.lsgspark.curation.Neighbourhoods.Near;
import io.github.lsgspark.dataset.SampleTable;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import scala.Tuple2;

/**
 * Samples that are the same as others, and samples that are like none, by their nearest neighbours
 * in all splits. The driver holds one distance for each sample.
 */
final class SampleLikeness {
  /** Makes the median absolute deviation the standard deviation where values are normal. */
  private static final double NORMAL = 1.4826;

  private final AuditSettings settings;
  private final SampleVectors samples;
  private final JavaPairRDD<Integer, Near> near;

  /**
   * @param samples of all splits
   * @param near their neighbours, in Spark's storage
   */
  SampleLikeness(AuditSettings settings, SampleVectors samples, JavaPairRDD<Integer, Near> near) {
    this.settings = settings;
    this.samples = samples;
    this.near = near;
  }

  /**
   * Pairs, listed and counted.
   *
   * @param listed the most alike
   * @param exact pairs of the same bytes: of each such group the first with each other
   * @param near other pairs above the similarity
   */
  record Duplicates(List<DuplicatePair> listed, long exact, long near) {}

  /**
   * Outliers, listed and counted.
   *
   * @param listed the farthest first
   * @param count of all of them
   * @param median of all samples' distances
   */
  record Outliers(List<Outlier> listed, long count, double median) {}

  /** What the table says of a sample. */
  private record Told(String id, String split, int label, String content) implements Serializable {}

  /** Two numbers and their cosine. */
  private record Pair(int first, int second, double cosine) implements Serializable {}

  /**
   * Finds samples of the same bytes, and of nearly the same features.
   *
   * @param table of the stage features; columns sample_id, split, label_id, content, view
   */
  Duplicates duplicates(Dataset<Row> table) {
    Dataset<Row> rows =
        table
            .filter(col("view").equalTo(0))
            .select(col("sample_id"), col("split"), col("label_id"), col("content"));
    JavaRDD<DuplicatePair> exact = exact(rows);
    double least = settings.duplicateSimilarity();
    JavaRDD<Pair> pairs =
        near.flatMap(
                one ->
                    IntStream.range(0, one._2().numbers().length)
                        .filter(i -> one._2().cosines()[i] >= least)
                        .mapToObj(
                            i ->
                                new Pair(
                                    Math.min(one._1(), one._2().numbers()[i]),
                                    Math.max(one._1(), one._2().numbers()[i]),
                                    one._2().cosines()[i]))
                        .iterator())
            // Whether one names the other or both do: one pair.
            .mapToPair(pair -> new Tuple2<>(new Tuple2<>(pair.first, pair.second), pair))
            .reduceByKey((a, b) -> a.cosine >= b.cosine ? a : b)
            .values();
    JavaPairRDD<Integer, Told> told = told(rows);
    JavaRDD<DuplicatePair> alike =
        pairs
            .mapToPair(pair -> new Tuple2<>(pair.first, pair))
            .join(told)
            .mapToPair(one -> new Tuple2<>(one._2()._1().second, one._2()))
            .join(told)
            .values()
            .map(one -> pair(one._1()._1(), one._1()._2(), one._2()))
            .filter(pair -> !pair.exact());
    int most = settings.listed();
    List<DuplicatePair> listed =
        new ArrayList<>(exact.takeOrdered(most, DuplicatePair.ALIKE_FIRST));
    listed.addAll(alike.takeOrdered(most, DuplicatePair.ALIKE_FIRST));
    return new Duplicates(
        List.copyOf(listed.subList(0, Math.min(most, listed.size()))),
        exact.count(),
        alike.count());
  }

  private static DuplicatePair pair(Pair pair, Told first, Told second) {
    boolean same = first.content != null && first.content.equals(second.content);
    return new DuplicatePair(
        same,
        pair.cosine,
        first.id,
        first.split,
        first.label,
        second.id,
        second.split,
        second.label);
  }

  private JavaPairRDD<Integer, Told> told(Dataset<Row> rows) {
    JavaPairRDD<String, Told> byName =
        rows.javaRDD()
            .mapToPair(
                row ->
                    new Tuple2<>(
                        row.getString(0),
                        new Told(
                            row.getString(0),
                            row.getString(1),
                            known(row.getString(1), row.getInt(2)),
                            row.getString(3))));
    return JavaPairRDD.fromJavaRDD(samples.names())
        .mapToPair(Tuple2::swap)
        .join(byName)
        .mapToPair(one -> one._2());
  }

  /** A label that training does not know is not told either. */
  private static int known(String split, int label) {
    return split.equals(SampleTable.UNLABELLED) ? -1 : label;
  }

  private static JavaRDD<DuplicatePair> exact(Dataset<Row> rows) {
    Dataset<Row> groups =
        rows.filter(col("content").isNotNull())
            .groupBy(col("content").as("same"))
            .agg(min("sample_id").as("first"), count(lit(1)).as("size"))
            .filter(col("size").gt(1));
    Dataset<Row> members = rows.join(groups, rows.col("content").equalTo(groups.col("same")));
    Dataset<Row> firsts =
        members
            .filter(col("sample_id").equalTo(col("first")))
            .select(
                col("content").as("group"),
                col("split").as("split_first"),
                col("label_id").as("label_first"));
    return members
        .filter(col("sample_id").notEqual(col("first")))
        .join(firsts, col("content").equalTo(col("group")))
        .select("first", "split_first", "label_first", "sample_id", "split", "label_id")
        .javaRDD()
        .map(
            row ->
                new DuplicatePair(
                    true,
                    1,
                    row.getString(0),
                    row.getString(1),
                    known(row.getString(1), row.getInt(2)),
                    row.getString(3),
                    row.getString(4),
                    known(row.getString(4), row.getInt(5))));
  }

  /** Finds samples whose nearest are far away, against what is usual in this table. */
  Outliers outliers(Dataset<Row> table) {
    double[] distances = new double[samples.count()];
    Arrays.fill(distances, 1);
    int k = settings.outlierNeighbours();
    near.mapValues(one -> distance(one, k))
        .collect()
        .forEach(one -> distances[one._1()] = one._2());
    double median = median(distances);
    double spread =
        NORMAL * median(Arrays.stream(distances).map(one -> Math.abs(one - median)).toArray());
    double least = settings.outlierDeviations();
    int[] far =
        spread > 0
            ? IntStream.range(0, distances.length)
                .filter(i -> (distances[i] - median) / spread > least)
                .boxed()
                .sorted((a, b) -> Double.compare(distances[b], distances[a]))
                .mapToInt(Integer::intValue)
                .toArray()
            : new int[0];
    int[] listed = Arrays.copyOf(far, Math.min(far.length, settings.listed()));
    Map<Integer, Told> told = told(table, listed);
    return new Outliers(
        Arrays.stream(listed)
            .mapToObj(
                i ->
                    new Outlier(
                        told.get(i).id,
                        told.get(i).split,
                        told.get(i).label,
                        distances[i],
                        (distances[i] - median) / spread))
            .toList(),
        far.length,
        median);
  }

  private Map<Integer, Told> told(Dataset<Row> table, int[] numbers) {
    Map<Integer, Told> found = new HashMap<>();
    if (numbers.length > 0) {
      TreeSet<Integer> wanted = new TreeSet<>();
      Arrays.stream(numbers).forEach(wanted::add);
      Dataset<Row> rows =
          table
              .filter(col("view").equalTo(0))
              .select(col("sample_id"), col("split"), col("label_id"), col("content"));
      told(rows)
          .filter(one -> wanted.contains(one._1()))
          .collect()
          .forEach(one -> found.put(one._1(), one._2()));
    }
    return found;
  }

  private static double distance(Near near, int k) {
    int some = Math.min(k, near.cosines().length);
    double sum = 0;
    for (int i = 0; i < some; i++) {
      sum += near.cosines()[i];
    }
    return 1 - sum / some;
  }

  /** The lower middle where there are two. */
  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[(sorted.length - 1) / 2];
  }
}
