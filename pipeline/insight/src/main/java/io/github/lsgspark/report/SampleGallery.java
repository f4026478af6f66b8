package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.row_number;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.Thumbnail;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;

/**
 * Test samples of one evaluation with what they are and what they were taken for, as HTML. Where
 * some of many are shown, they are drawn by a hash of their names: always the same ones.
 */
final class SampleGallery {
  private static final Column[] BY_HASH = {xxhash64(col("id")), col("id")};

  private final SampleSource source;
  private final Dataset<Row> samples;
  private final Dataset<Row> predictions;
  private final int wanted;

  /**
   * @param evaluateDir evaluation whose predictions are shown
   */
  SampleGallery(SparkSession spark, Settings settings, String prepareDir, String evaluateDir) {
    source =
        new SampleSource(spark.sparkContext().hadoopConfiguration(), InputSpec.reading(settings));
    samples = SampleTable.read(spark, prepareDir).select("id", "reference");
    predictions = PredictionTable.judged(spark, evaluateDir);
    wanted = settings.report().samples();
  }

  /** Some of all, half of them wrong predictions if there are so many. */
  String some() {
    List<Row> wrong = pick(predictions.filter("not correct"), wanted / 2, BY_HASH);
    List<Row> shown =
        new ArrayList<>(pick(predictions.filter("correct"), wanted - wrong.size(), BY_HASH));
    shown.addAll(wrong);
    return figures(shown);
  }

  /** Named samples. */
  String named(List<String> ids) {
    return figures(pick(predictions.filter(col("id").isInCollection(ids)), ids.size(), BY_HASH));
  }

  /** Those that the model is surest of. */
  String mostCertain(int count) {
    return figures(pick(predictions, count, by(col("confidence").desc())));
  }

  /** Errors that the model is surest of: often the label is wrong, or two classes are one. */
  String mostCertainErrors(int count) {
    return figures(pick(predictions.filter("not correct"), count, by(col("confidence").desc())));
  }

  /** Those that the model is least sure of. */
  String leastCertain(int count) {
    return figures(pick(predictions, count, by(col("confidence").asc())));
  }

  private static Column[] by(Column first) {
    return new Column[] {first, xxhash64(col("id")), col("id")};
  }

  /** Small pictures by what was confused. */
  static final class Confused {
    private final Map<RunErrors.Cell, StringBuilder> pictures = new HashMap<>();

    /** Of one confusion; empty text if none is shown. */
    String html(RunErrors.Cell confusion) {
      return pictures.getOrDefault(confusion, new StringBuilder()).toString();
    }
  }

  /**
   * Samples of some confusions.
   *
   * @param each pictures of a confusion, at most
   */
  Confused confused(List<RunErrors.Cell> confusions, int each) {
    Confused confused = new Confused();
    if (wanted == 0 || confusions.isEmpty()) {
      return confused;
    }
    Column some =
        confusions.stream()
            .map(
                c ->
                    col("label_id")
                        .equalTo(c.label())
                        .and(col("predicted_id").equalTo(c.predicted())))
            .reduce(Column::or)
            .orElseThrow();
    Dataset<Row> first =
        predictions
            .filter(some)
            .withColumn(
                "place",
                row_number().over(Window.partitionBy("label_id", "predicted_id").orderBy(BY_HASH)))
            .filter(col("place").leq(each));
    for (Row row : pick(first, each * confusions.size(), BY_HASH)) {
      RunErrors.Cell cell = new RunErrors.Cell(row.getAs("label_id"), row.getAs("predicted_id"));
      confused
          .pictures
          .computeIfAbsent(cell, unused -> new StringBuilder())
          .append(image(row, Svg.escape(row.getAs("id"))));
    }
    return confused;
  }

  private String figures(List<Row> shown) {
    StringBuilder html = new StringBuilder("<div class=\"gallery\">\n");
    for (Row row : shown) {
      String label = Svg.escape(row.getAs("label"));
      boolean correct = row.<Boolean>getAs("correct");
      html.append(
          String.format(
              Locale.ROOT,
              "<figure class=\"%s\">%s<figcaption>%s<br><b>%s</b> %.0f %%</figcaption></figure>%n",
              correct ? "right" : "wrong",
              image(row, label),
              correct ? "" : label + ", taken for",
              Svg.escape(row.getAs("predicted")),
              100 * row.<Double>getAs("confidence")));
    }
    return html.append("</div>\n").toString();
  }

  /**
   * @param words for those who cannot see it, escaped
   */
  private String image(Row row, String words) {
    Sample sample = new Sample(row.getAs("id"), -1, row.getAs("reference"));
    return String.format(
        "<img src=\"%s\" alt=\"%s\" title=\"%s\">",
        Thumbnail.dataUri(source.decode(sample).picture()), words, Svg.escape(row.getAs("id")));
  }

  private List<Row> pick(Dataset<Row> some, int count, Column... order) {
    return some.orderBy(order).limit(count).join(samples, "id").orderBy(order).collectAsList();
  }
}
