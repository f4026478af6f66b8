package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.text.LabelSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.RelationalGroupedDataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts of a prepared data set. */
final class PrepareMetrics {
  private static final Logger LOG = LoggerFactory.getLogger(PrepareMetrics.class);
  private static final int EXAMPLES = 5;

  private final Dataset<Row> samples;
  private final Dataset<Row> rejected;

  /**
   * @param samples the sample table as written
   * @param rejected the table of what is no sample
   */
  PrepareMetrics(Dataset<Row> samples, Dataset<Row> rejected) {
    this.samples = samples;
    this.rejected = rejected;
  }

  /**
   * What metrics.json holds, but for the duplicates. Warns of classes without a training sample.
   */
  Map<String, Object> of(
      DataSettings data, LabelSet labels, Set<Integer> unseen, SampleListing listing) {
    Map<String, Object> metrics = new LinkedHashMap<>();
    int opened = listing.entries().size();
    metrics.put("files", opened);
    metrics.put("files_seen", opened + listing.leftOut().size());
    metrics.put("classes", labels.size());
    metrics.put("label_budget", data.labelBudget().toString());
    metrics.put("splits", counts(samples.groupBy("split")));
    Map<String, Long> leftOut = LeftOutReport.counts(listing.leftOut());
    Map<String, Long> unusable = counts(rejected.groupBy("reason"));
    leftOut.keySet().forEach(unusable::remove);
    metrics.put("left_out", leftOut);
    metrics.put("rejected", unusable);
    Map<String, Map<String, Long>> classes = new LinkedHashMap<>();
    labels.labels().forEach(label -> classes.put(label.name(), new TreeMap<>()));
    for (Row row : samples.groupBy("label", "split").agg(count(lit(1))).collectAsList()) {
      if (classes.containsKey(row.getString(0))) {
        classes.get(row.getString(0)).put(row.getString(1), row.getLong(2));
      }
    }
    List<String> empty =
        classes.entrySet().stream()
            .filter(entry -> !entry.getValue().containsKey(SampleTable.TRAIN))
            .map(Map.Entry::getKey)
            .toList();
    List<String> meant = unseen.stream().map(id -> labels.label(id).name()).toList();
    List<String> missing = empty.stream().filter(name -> !meant.contains(name)).toList();
    if (!missing.isEmpty()) {
      LOG.warn(
          "prepare: {} of {} classes have no training sample: {}{}",
          missing.size(),
          labels.size(),
          String.join(", ", missing.subList(0, Math.min(EXAMPLES, missing.size()))),
          missing.size() > EXAMPLES ? ", ... (classes_without_training_sample)" : "");
    }
    long tested = classes.values().stream().filter(of -> of.containsKey(SampleTable.TEST)).count();
    if (tested < classes.size() && data.testSplit() != DataSettings.TestSplit.NONE) {
      LOG.warn(
          "prepare: {} of {} classes have no test sample (per_class)",
          classes.size() - tested,
          classes.size());
    }
    metrics.put("classes_without_training_sample", empty);
    metrics.put("unseen_classes", meant);
    metrics.put("per_class", classes);
    return metrics;
  }

  private static Map<String, Long> counts(RelationalGroupedDataset groups) {
    Map<String, Long> counts = new TreeMap<>();
    groups
        .agg(count(lit(1)))
        .collectAsList()
        .forEach(row -> counts.put(row.getString(0), row.getLong(1)));
    return counts;
  }
}
