package io.github.lsgspark.report.curation;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.curation.Selected;
import io.github.lsgspark.curation.Selection;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The choice of samples to label next, and its page: the first of them as small pictures. */
public final class SelectionPage {
  /** The page. */
  public static final String FILE = "page.html";

  private SelectionPage() {}

  /**
   * Chooses samples and writes their list and page.
   *
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   */
  public static void run(
      SparkSession spark, Settings settings, String prepareDir, String featuresDir, String outDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Selection selection = Selection.run(spark, settings, prepareDir, featuresDir, outDir);
    Page page = new Page("Samples to label next", false);
    page.append(
        String.format(
            Locale.ROOT,
            "<p>%d of %s samples, %s of them labelled; chosen by select.method = %s. The order is"
                + " that of use: the first are worth most. Column label of %s is to be filled"
                + " in.</p>%n<div class=\"gallery\">%n",
            selection.samples().size(),
            selection.metrics().get("samples"),
            selection.metrics().get("labelled"),
            selection.metrics().get("method"),
            Selection.FILE));
    Pictures pictures = new Pictures(hadoop, settings, selection.places());
    for (Selected one : selection.samples().stream().limit(settings.select().shown()).toList()) {
      String predicted = selection.predicted(one);
      String caption =
          predicted.isEmpty()
              ? String.format(Locale.ROOT, "%d<br>for %.1f", one.rank(), one.score())
              : String.format(
                  Locale.ROOT,
                  "%d<br><b>%s</b> %.0f %%",
                  one.rank(),
                  Svg.escape(predicted),
                  100 * one.probability());
      page.append(pictures.figure(one.id(), "right", caption, selection.reason(one)));
    }
    page.append("</div>\n");
    new HadoopFiles(hadoop)
        .write(HadoopFiles.path(outDir, FILE), page.end().getBytes(StandardCharsets.UTF_8));
  }
}
