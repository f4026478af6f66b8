package io.github.lsgspark.report;

import static org.apache.spark.sql.functions.col;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.InputSpec;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleSource;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.report.SamplePicks.Picked;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.Thumbnail;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Small images of samples, with what they are and what they were taken for, as HTML. */
final class SampleGallery {
  private final SampleSource source;
  private final Map<String, String> references = new HashMap<>();

  /**
   * Finds the files of samples.
   *
   * @param shown all that will be asked for
   */
  SampleGallery(
      SparkSession spark, Settings settings, String prepareDir, Collection<Picked> shown) {
    source =
        new SampleSource(spark.sparkContext().hadoopConfiguration(), InputSpec.reading(settings));
    if (shown.isEmpty()) {
      return;
    }
    Object[] ids = shown.stream().map(Picked::id).distinct().toArray();
    for (Row row :
        SampleTable.read(spark, prepareDir)
            .filter(col("id").isin(ids))
            .select("id", "reference")
            .collectAsList()) {
      references.put(row.getString(0), row.getString(1));
    }
  }

  /** Each with a caption. */
  String figures(List<Picked> shown) {
    StringBuilder html = new StringBuilder("<div class=\"gallery\">\n");
    for (Picked sample : shown) {
      String label = Svg.escape(sample.label());
      html.append(
          String.format(
              Locale.ROOT,
              "<figure class=\"%s\">%s<figcaption>%s<br><b>%s</b> %.0f %%</figcaption></figure>%n",
              sample.correct() ? "right" : "wrong",
              image(sample, label),
              sample.correct() ? "" : label + ", taken for",
              Svg.escape(sample.predicted()),
              100 * sample.confidence()));
    }
    return html.append("</div>\n").toString();
  }

  /** The images alone. */
  String images(List<Picked> shown) {
    StringBuilder html = new StringBuilder();
    shown.forEach(sample -> html.append(image(sample, Svg.escape(sample.id()))));
    return html.toString();
  }

  /**
   * @param words for those who cannot see it, escaped
   */
  private String image(Picked picked, String words) {
    Sample sample = new Sample(picked.id(), -1, references.get(picked.id()));
    return String.format(
        "<img src=\"%s\" alt=\"%s\" title=\"%s\">",
        Thumbnail.dataUri(source.decode(sample).picture()), words, Svg.escape(picked.id()));
  }
}
