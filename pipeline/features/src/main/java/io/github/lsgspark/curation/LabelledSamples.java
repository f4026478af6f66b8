package io.github.lsgspark.curation;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * How many labelled training samples each class has.
 *
 * @param counts [C]
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record LabelledSamples(long[] counts) {

  /** Counts them; empty where there is none. */
  static Optional<LabelledSamples> of(SparkSession spark, String dir, List<String> classes) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    long[] counts = new long[classes.size()];
    for (Row row :
        FeatureTable.stored(spark, dir, FeatureTable.facts(files, dir).store())
            .filter(col("view").equalTo(0).and(SampleVectors.labelled()))
            .groupBy("label_id")
            .count()
            .collectAsList()) {
      counts[row.getInt(0)] = row.getLong(1);
    }
    return Arrays.stream(counts).sum() == 0
        ? Optional.empty()
        : Optional.of(new LabelledSamples(counts));
  }

  long count() {
    return Arrays.stream(counts).sum();
  }

  /** Classes with a labelled sample. */
  long classes() {
    return Arrays.stream(counts).filter(count -> count > 0).count();
  }

  /** Names of the classes that have one labelled sample and no more. */
  List<String> alone(List<String> names) {
    return IntStream.range(0, counts.length)
        .filter(c -> counts[c] == 1)
        .mapToObj(names::get)
        .toList();
  }
}
