package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.evaluation.ClassDistances;
import io.github.lsgspark.report.explanation.RunErrors;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.report.page.ReliabilityDiagram;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.spark.sql.SparkSession;

/** The sections of the page that show one run: its samples, its confusions, how sure it is. */
final class RunSections {
  private final Results.Evaluated shown;
  private final int place;
  private final String samples;
  private final int wanted;
  private final RunGallery gallery;
  private final RunErrors errors;
  private final LabelSet labels;

  /**
   * @param place of the run's method among all, which has its colour
   * @param leftOut whether labelled samples stand for the test split
   */
  RunSections(
      SparkSession spark,
      Settings settings,
      ReportInput input,
      Results.Evaluated shown,
      int place,
      boolean leftOut) {
    this.shown = shown;
    this.place = place;
    this.samples = leftOut ? "Labelled samples" : "Test samples";
    this.wanted = settings.report().samples();
    this.errors = RunErrors.read(spark, input.compared(shown.run()));
    this.gallery =
        new RunGallery(
            spark,
            settings,
            input.prepareDir(),
            shown.run().evaluateDir(),
            ConfusionTable.pictured(errors));
    this.labels =
        SampleTable.labels(
            new HadoopFiles(spark.sparkContext().hadoopConfiguration()), input.prepareDir());
  }

  /** Some samples, and those that the model is most and least sure of. */
  void samples(Page page, String whose) {
    if (wanted == 0) {
      return;
    }
    page.section("Samples").append(whose);
    page.append("<p>").append(samples).append(" and what they were taken for.</p>\n");
    page.append(gallery.some());
    page.append("<h3>Most certain</h3>\n").append(gallery.mostCertain());
    if (!errors.confusions().isEmpty()) {
      page.append("<h3>Wrong, and most certain</h3>\n<p>Where the label may be wrong.</p>\n");
      page.append(gallery.mostCertainErrors());
    }
    page.append("<h3>Least certain</h3>\n").append(gallery.leastCertain());
  }

  /** The confusion matrix, the worst confusions, and every class. */
  void confusions(Page page, String whose, List<ClassSums> texts) {
    if (!errors.confusions().isEmpty()) {
      page.section("Confusions").append(whose);
      page.append(
          String.format(
              Locale.ROOT,
              "<p>A row is a true class, a column what its samples were taken for; the stronger, the"
                  + " larger the share of the class. Classes whose names mean similar things lie"
                  + " next to each other.%s</p>%n",
              labels.size() > ConfusionMatrix.CLASSES
                  ? " Drawn are those with the most errors, at most "
                      + ConfusionMatrix.CLASSES
                      + "."
                  : ""));
      page.append("<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"matrix\">");
      page.append(ConfusionMatrix.svg(errors, labels, ClassDistances.of(labels, texts)));
      page.append("</div>\n");
      page.append(ConfusionTable.html(errors, labels, gallery));
    }
    page.section("Classes").append(whose).append(ClassTable.html(errors, labels));
  }

  /** How often the model is right when it is so sure. */
  void calibration(Page page, String whose) {
    List<ReliabilityDiagram.Point> points = new ArrayList<>();
    for (JsonNode bin : shown.evaluation().path("calibration")) {
      points.add(
          new ReliabilityDiagram.Point(
              bin.path("confidence").asDouble(),
              bin.path("accuracy").asDouble(),
              bin.path("count").asLong()));
    }
    if (points.isEmpty()) {
      return;
    }
    page.section("Calibration").append(whose);
    page.append(
        String.format(
            Locale.ROOT,
            "<p>Below the diagonal the model is surer than it is right. The calibration error, the"
                + " mean distance from it over all samples, is %.1f %%.</p>%n",
            100 * shown.evaluation().path("ece").asDouble()));
    page.append(
        new ReliabilityDiagram().add(shown.run().method(), Svg.colour(place), points).svg());
  }
}
