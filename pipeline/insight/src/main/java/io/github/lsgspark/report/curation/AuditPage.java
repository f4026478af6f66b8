package io.github.lsgspark.report.curation;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.curation.Audit;
import io.github.lsgspark.curation.DuplicatePair;
import io.github.lsgspark.curation.LabelError;
import io.github.lsgspark.curation.Outlier;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The audit, and its page: the first of each list as small pictures, with the reasons. */
public final class AuditPage {
  /** The page. */
  public static final String FILE = "page.html";

  private final Audit audit;
  private final Pictures pictures;
  private final int shown;

  private AuditPage(Configuration hadoop, Settings settings, Audit audit) {
    this.audit = audit;
    this.pictures = new Pictures(hadoop, settings, audit.places());
    this.shown = settings.audit().shown();
  }

  /**
   * Runs the audit and writes its lists and its page.
   *
   * @param settings whose head is a ridge without unlabelled samples
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   */
  public static void run(
      SparkSession spark, Settings settings, String prepareDir, String featuresDir, String outDir) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Audit audit = Audit.run(spark, settings, prepareDir, featuresDir, outDir);
    new HadoopFiles(hadoop)
        .write(
            HadoopFiles.path(outDir, FILE),
            new AuditPage(hadoop, settings, audit).html().getBytes(StandardCharsets.UTF_8));
  }

  private String html() {
    Page page = new Page("What may be wrong with these samples", false);
    page.section("Labels that may be wrong");
    page.append(
        String.format(
            Locale.ROOT,
            "<p>Of %s labelled samples another class is likelier for %s; the likeliest errors come"
                + " first. Left out, %.0f %% of the samples are given their own label: the lower"
                + " that is, the more of the list are hard samples and no errors. All of it is in"
                + " errors.csv.</p>%n",
            audit.metrics().get("labelled"),
            audit.metrics().getOrDefault("suspects", "none, for want of a second class,"),
            100.0 * (Double) audit.metrics().getOrDefault("leave_one_out_accuracy", 0.0)));
    gallery(page, audit.errors().stream().limit(shown).map(this::error).toList());
    page.section("The same, or nearly");
    page.append(
        String.format(
            Locale.ROOT,
            "<p>%s pairs of the same content, %s nearly the same by their features. All of them are"
                + " in duplicates.csv.</p>%n",
            audit.metrics().get("exact_duplicates"),
            audit.metrics().get("near_duplicates")));
    gallery(page, audit.duplicates().stream().limit(shown).map(this::pair).toList());
    page.section("Like no other");
    page.append(
        String.format(
            Locale.ROOT,
            "<p>%s samples whose nearest are unusually far away. All of them are in"
                + " outliers.csv.</p>%n",
            audit.metrics().get("outliers")));
    gallery(page, audit.outliers().stream().limit(shown).map(this::outlier).toList());
    return page.end();
  }

  private static void gallery(Page page, Iterable<String> figures) {
    page.append("<div class=\"gallery\">\n");
    figures.forEach(page::append);
    page.append("</div>\n");
  }

  private String error(LabelError one) {
    return pictures.figure(
        one.id(),
        "wrong",
        String.format(
            Locale.ROOT,
            "%s<br>rather <b>%s</b> %.2f",
            Svg.escape(audit.name(one.label())),
            Svg.escape(audit.name(one.suggested())),
            one.score()),
        audit.reason(one));
  }

  private String pair(DuplicatePair one) {
    String kind =
        one.exact() ? "the same" : String.format(Locale.ROOT, "cosine %.3f", one.cosine());
    String style = one.labelsDiffer() || one.acrossSplits() ? "wrong" : "right";
    return pictures.figure(
            one.first(), style, told(one.splitFirst(), one.labelFirst()) + "<br>" + kind, kind)
        + pictures.figure(
            one.second(), style, told(one.splitSecond(), one.labelSecond()) + "<br>" + kind, kind);
  }

  private String told(String split, int label) {
    return Svg.escape(split) + (label < 0 ? "" : ", <b>" + Svg.escape(audit.name(label)) + "</b>");
  }

  private String outlier(Outlier one) {
    return pictures.figure(
        one.id(),
        "wrong",
        String.format(
            Locale.ROOT, "%s<br>distance %.2f", told(one.split(), one.label()), one.distance()),
        String.format(Locale.ROOT, "%.1f robust deviations from the median", one.deviations()));
  }
}
