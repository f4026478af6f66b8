package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.report.SamplePicks.Order;
import io.github.lsgspark.report.SamplePicks.Pick;
import io.github.lsgspark.report.SamplePicks.Picked;
import io.github.lsgspark.testing.LocalSpark;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

class SamplePicksTest {
  private static final SparkSession SPARK = LocalSpark.session();

  /** Many equal confidences, so that the order by hash decides. */
  private static Dataset<Row> predictions(int rows, int partitions) {
    Random random = new Random(11L * rows + partitions);
    List<Row> table = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      int label = random.nextInt(3);
      int predicted = random.nextInt(3);
      table.add(
          RowFactory.create(
              "sample " + r,
              "test",
              label,
              "class " + label,
              label == predicted,
              predicted,
              "class " + predicted,
              random.nextInt(4) / 4.0,
              new Integer[] {predicted},
              new Double[] {1.0}));
    }
    return SPARK.createDataFrame(table, PredictionTable.LABELLED).repartition(partitions);
  }

  private static List<String> sorted(Dataset<Row> some, int count, Column... first) {
    List<Column> order = new ArrayList<>(List.of(first));
    order.addAll(List.of(xxhash64(col("id")), col("id")));
    return some.orderBy(order.toArray(new Column[0])).limit(count).collectAsList().stream()
        .map(row -> row.<String>getAs("id"))
        .toList();
  }

  private static List<String> ids(List<Picked> picked) {
    return picked.stream().map(Picked::id).toList();
  }

  @Test
  void whatIsPickedIsWhatSortingFinds() {
    for (int rows : new int[] {0, 1, 7, 200}) {
      for (int partitions : new int[] {1, 3, 9}) {
        for (int count : new int[] {0, 1, 5, 250}) {
          Dataset<Row> table = predictions(rows, partitions).cache();
          List<List<Picked>> found =
              SamplePicks.read(
                  table,
                  List.of(
                      new Pick(sample -> true, Order.BY_HASH, count),
                      new Pick(sample -> true, Order.LEAST_CERTAIN, count),
                      new Pick(sample -> !sample.correct(), Order.MOST_CERTAIN, count),
                      new Pick(sample -> sample.labelId() == 2, Order.BY_HASH, count)));
          String which = rows + " rows, " + partitions + " partitions, " + count + " wanted";
          assertThat(ids(found.get(0))).as(which).isEqualTo(sorted(table, count));
          assertThat(ids(found.get(1)))
              .as(which)
              .isEqualTo(sorted(table, count, col("confidence").asc()));
          assertThat(ids(found.get(2)))
              .as(which)
              .isEqualTo(sorted(table.filter("not correct"), count, col("confidence").desc()));
          assertThat(ids(found.get(3)))
              .as(which)
              .isEqualTo(sorted(table.filter("label_id = 2"), count));
          table.unpersist();
        }
      }
    }
  }
}
