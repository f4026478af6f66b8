package io.github.lsgspark.dataset;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Samples of the same bytes: a test sample that is also trained on makes a result too good, and one
 * sample under two labels is wrong under one of them.
 */
final class Duplicates {
  private static final Logger LOG = LoggerFactory.getLogger(Duplicates.class);
  private static final int LOGGED = 5;
  private static final int KEPT = 20;

  /** Of the same content, the sample of the first of these splits stays. */
  private static final List<String> PRECEDENCE =
      List.of(SampleTable.TEST, SampleTable.VALIDATION, SampleTable.TRAIN, SampleTable.UNLABELLED);

  /** Why a sample was dropped, as column reason has it. */
  static final String REASON = "DUPLICATE";

  private record Copy(String id, String split, String label) {
    int precedence() {
      return PRECEDENCE.indexOf(split);
    }

    String shown() {
      return id + " (" + split + (label.isEmpty() ? "" : ", " + label) + ")";
    }
  }

  /**
   * A sample that goes.
   *
   * @param detail why
   */
  record Dropped(String id, String label, String split, String detail) {}

  private final List<List<Copy>> groups = new ArrayList<>();

  private Duplicates() {}

  /**
   * Finds samples of the same content.
   *
   * @param samples with columns id, label, split and {@link SampleIngest#CONTENT}
   */
  static Duplicates of(Dataset<Row> samples) {
    Duplicates duplicates = new Duplicates();
    for (Row row :
        samples
            .groupBy(SampleIngest.CONTENT)
            .agg(
                count(lit(1)).as("copies"),
                collect_list(struct(col("id"), col("split"), col("label"))).as("samples"))
            .where(col("copies").gt(1))
            .collectAsList()) {
      List<Copy> group = new ArrayList<>();
      for (Row copy : row.<Row>getList(row.fieldIndex("samples"))) {
        group.add(new Copy(copy.getString(0), copy.getString(1), copy.getString(2)));
      }
      group.sort(Comparator.comparingInt(Copy::precedence).thenComparing(Copy::id));
      duplicates.groups.add(group);
    }
    duplicates.groups.sort(Comparator.comparing(group -> group.get(0).id()));
    return duplicates;
  }

  /** What goes so that no training sample has the content of another that stays. */
  List<Dropped> toDrop() {
    List<Dropped> dropped = new ArrayList<>();
    for (List<Copy> group : groups) {
      Copy first = group.get(0);
      for (Copy copy : group.subList(1, group.size())) {
        if (!copy.split().equals(SampleTable.TEST)) {
          dropped.add(
              new Dropped(
                  copy.id(), copy.label(), copy.split(), "same content as " + first.shown()));
        }
      }
    }
    return dropped;
  }

  private static Set<String> splits(List<Copy> group) {
    return group.stream().map(Copy::split).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a model is judged by what it was trained or chosen on. */
  private static boolean isLeak(Set<String> splits) {
    return splits.size() > 1
        && (splits.contains(SampleTable.TEST) || splits.contains(SampleTable.VALIDATION));
  }

  private static boolean isTwice(List<Copy> group) {
    return group.stream().map(Copy::label).filter(label -> !label.isEmpty()).distinct().count() > 1;
  }

  private static List<String> shown(List<Copy> group) {
    return group.stream().map(Copy::shown).toList();
  }

  /**
   * Counts for metrics.json: contents that several samples have, those in several splits by the
   * splits, those under two labels, and some of them by name. Warns of those under two labels and
   * of those in the test or validation split and another one.
   *
   * @throws LsgException exit 3 if there is one of the latter and settings say so
   */
  Map<String, Object> report(DataSettings.Duplicates settings) {
    Map<String, Long> across = new TreeMap<>();
    List<List<Copy>> serious = new ArrayList<>();
    long leaks = 0;
    long twoLabels = 0;
    for (List<Copy> group : groups) {
      Set<String> splits = splits(group);
      if (splits.size() > 1) {
        across.merge(String.join("+", splits), 1L, Long::sum);
      }
      leaks += isLeak(splits) ? 1 : 0;
      twoLabels += isTwice(group) ? 1 : 0;
      if (isLeak(splits) || isTwice(group)) {
        serious.add(group);
      }
    }
    if (!serious.isEmpty()) {
      String summary =
          "the same content is in several splits "
              + across
              + " and under two labels "
              + twoLabels
              + " times, such as "
              + serious.stream().limit(LOGGED).map(Duplicates::shown).toList();
      if (settings == DataSettings.Duplicates.FAIL && leaks > 0) {
        throw LsgException.input(summary + "; data.duplicates = fail");
      }
      LOG.warn("prepare: {} (data.duplicates = drop-train | fail)", summary);
    }
    List<List<Copy>> examples = serious.isEmpty() ? groups : serious;
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("contents", groups.size());
    metrics.put("across_splits", across);
    metrics.put("under_two_labels", twoLabels);
    metrics.put("examples", examples.stream().limit(KEPT).map(Duplicates::shown).toList());
    return metrics;
  }
}
