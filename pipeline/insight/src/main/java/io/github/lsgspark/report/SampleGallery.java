package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.xxhash64;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.dataset.modality.DecodedImage;
import io.github.lsgspark.evaluation.PredictionTable;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.Thumbnail;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Test samples with what they are and what they were taken for, half of them wrong predictions if
 * there are so many. Drawn by a hash of their names: always the same ones.
 */
final class SampleGallery {
  private SampleGallery() {}

  /**
   * Figures as HTML.
   *
   * @param evaluateDir evaluation whose predictions are shown
   */
  static String html(SparkSession spark, Settings settings, String prepareDir, String evaluateDir) {
    Dataset<Row> predictions = PredictionTable.judged(spark, evaluateDir);
    int wanted = settings.report().samples();
    List<Row> wrong = pick(predictions.filter("not correct"), prepareDir, wanted / 2);
    List<Row> right = pick(predictions.filter("correct"), prepareDir, wanted - wrong.size());
    List<Row> shown = new ArrayList<>(right);
    shown.addAll(wrong);
    return figures(spark, settings, shown);
  }

  /**
   * The same of named samples.
   *
   * @param ids names in the sample table
   */
  static String html(
      SparkSession spark,
      Settings settings,
      String prepareDir,
      String evaluateDir,
      List<String> ids) {
    Dataset<Row> named =
        PredictionTable.judged(spark, evaluateDir).filter(col("id").isInCollection(ids));
    return figures(spark, settings, pick(named, prepareDir, ids.size()));
  }

  private static String figures(SparkSession spark, Settings settings, List<Row> shown) {
    SampleSource source =
        new SampleSource(spark.sparkContext().hadoopConfiguration(), InputSpec.reading(settings));
    StringBuilder html = new StringBuilder("<div class=\"gallery\">\n");
    for (Row row : shown) {
      String label = row.getAs("label");
      String predicted = row.getAs("predicted");
      boolean correct = row.<Boolean>getAs("correct");
      DecodedImage image =
          source.decode(new Sample(row.getAs("id"), -1, row.getAs("reference"))).picture();
      html.append(
          String.format(
              Locale.ROOT,
              "<figure class=\"%s\"><img src=\"%s\" alt=\"%s\"><figcaption>%s<br><b>%s</b> %.0f"
                  + " %%</figcaption></figure>%n",
              correct ? "right" : "wrong",
              Thumbnail.dataUri(image),
              Svg.escape(label),
              correct ? "" : Svg.escape(label) + ", taken for",
              Svg.escape(predicted),
              100 * row.<Double>getAs("confidence")));
    }
    return html.append("</div>\n").toString();
  }

  private static List<Row> pick(Dataset<Row> predictions, String prepareDir, int count) {
    Dataset<Row> samples =
        SampleTable.read(predictions.sparkSession(), prepareDir).select("id", "reference");
    return predictions
        .orderBy(xxhash64(col("id")), col("id"))
        .limit(count)
        .join(samples, "id")
        .orderBy(xxhash64(col("id")), col("id"))
        .collectAsList();
  }
}
