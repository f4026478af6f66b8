package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** The first predictions by several orders, found in one pass over their table. */
final class SamplePicks {
  /**
   * A prediction of a sample.
   *
   * @param hash of its id: an order that neither names nor classes have a part in
   */
  record Picked(
      String id,
      int labelId,
      String label,
      int predictedId,
      String predicted,
      double confidence,
      boolean correct,
      long hash)
      implements Serializable {}

  /** Which predictions stand before others; the same ones always. */
  enum Order implements Comparator<Picked> {
    BY_HASH(Comparator.comparingLong(Picked::hash)),
    LEAST_CERTAIN(Comparator.comparingDouble(Picked::confidence)),
    MOST_CERTAIN(Comparator.comparingDouble(sample -> -sample.confidence()));

    private final Comparator<Picked> order;

    Order(Comparator<Picked> first) {
      order = first.thenComparingLong(Picked::hash).thenComparing(Picked::id);
    }

    @Override
    public int compare(Picked one, Picked other) {
      return order.compare(one, other);
    }
  }

  /** Which predictions are picked from. */
  interface Filter extends Predicate<Picked>, Serializable {}

  /**
   * What is picked.
   *
   * @param count at most
   */
  record Pick(Filter from, Order order, int count) implements Serializable {}

  private SamplePicks() {}

  /**
   * Picks from a table of predictions; the executors hold no more than what is picked.
   *
   * @param predictions {@link io.github.lsgspark.evaluation.PredictionTable#LABELLED}
   * @return for each pick what was found, in its order
   */
  static List<List<Picked>> read(Dataset<Row> predictions, List<Pick> picks) {
    List<Pick> sent = List.copyOf(picks);
    return predictions
        .select(
            col("id"),
            col("label_id"),
            col("label"),
            col("predicted_id"),
            col("predicted"),
            col("confidence"),
            col("correct"),
            xxhash64(col("id")))
        .javaRDD()
        .mapPartitions(rows -> List.of(first(rows, sent)).iterator())
        .fold(none(sent), (some, more) -> merged(some, more, sent));
  }

  private static List<List<Picked>> first(Iterator<Row> rows, List<Pick> picks) {
    List<TreeSet<Picked>> found = new ArrayList<>();
    picks.forEach(pick -> found.add(new TreeSet<>(pick.order())));
    while (rows.hasNext()) {
      Row row = rows.next();
      Picked picked =
          new Picked(
              row.getString(0),
              row.getInt(1),
              row.getString(2),
              row.getInt(3),
              row.getString(4),
              row.getDouble(5),
              row.getBoolean(6),
              row.getLong(7));
      for (int p = 0; p < picks.size(); p++) {
        TreeSet<Picked> best = found.get(p);
        if (picks.get(p).from().test(picked)
            && best.add(picked)
            && best.size() > picks.get(p).count()) {
          best.pollLast();
        }
      }
    }
    List<List<Picked>> lists = new ArrayList<>();
    found.forEach(best -> lists.add(new ArrayList<>(best)));
    return lists;
  }

  private static List<List<Picked>> none(List<Pick> picks) {
    List<List<Picked>> lists = new ArrayList<>();
    picks.forEach(pick -> lists.add(new ArrayList<>()));
    return lists;
  }

  private static List<List<Picked>> merged(
      List<List<Picked>> some, List<List<Picked>> more, List<Pick> picks) {
    List<List<Picked>> lists = new ArrayList<>();
    for (int p = 0; p < picks.size(); p++) {
      TreeSet<Picked> best = new TreeSet<>(picks.get(p).order());
      best.addAll(some.get(p));
      best.addAll(more.get(p));
      lists.add(new ArrayList<>(best.stream().limit(picks.get(p).count()).toList()));
    }
    return lists;
  }
}
