package io.github.lsgspark.report;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.report.explanation.Explainer;
import io.github.lsgspark.report.explanation.Explanations;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes {@code index.html} ({@link Page}), {@code metrics.json} and, where methods are compared,
 * {@code explanation.json} ({@link Explanations}).
 */
public final class ReportStage {
  private static final Logger LOG = LoggerFactory.getLogger(ReportStage.class);

  /** The page. */
  public static final String PAGE = "index.html";

  private static final String LEFT_OUT =
      "<p>There is no test split. Each labelled sample is judged by a head that is fitted to all"
          + " others, exactly; all accuracies on this page are so. A class of one sample is never"
          + " found again this way, and small classes are judged too low.</p>\n";

  /** Labels whose nearest are listed. */
  private static final int NEAREST_SHOWN = 500;

  private ReportStage() {}

  /**
   * Runs the stage.
   *
   * @param input what to show; every run must have been evaluated
   */
  public static void run(SparkSession spark, Settings settings, ReportInput input, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    Results results = Results.read(input.runs(), files);
    Results.Evaluated shown = results.shown();
    List<ClassSums> classes = ClassSums.read(spark, input.embedDir());
    Page page = new Page(input.title(), input.drawn());
    boolean leftOut = results.areLeftOut();
    page.section(leftOut ? "Result by leave-one-out" : "Result on the test split");
    if (leftOut) {
      page.append(LEFT_OUT);
    }
    page.append(MethodTable.html(results));
    page.append("<p>Mean ± standard error over the runs of a method; dots are single runs.</p>\n");
    page.append(ResultCharts.accuracy(results));
    UnseenTable.html(results)
        .ifPresent(table -> page.section("Classes without a label").append(table));
    String whose =
        "<p>The run shown is "
            + Svg.escape(shown.run().method() + ", seed " + shown.run().seed())
            + ".</p>\n";
    RunSections sections =
        new RunSections(
            spark,
            settings,
            input,
            shown,
            results.methods().indexOf(shown.run().method()),
            leftOut);
    sections.samples(page, whose);
    sections.confusions(page, whose, classes);
    sections.calibration(page, whose);
    page.section("The label graph");
    Optional<ClassLinks> links = input.graphDir().map(dir -> ClassLinks.read(spark, dir));
    String joined =
        "Blue: classes that the semantic graph joins, the stronger the more pairs of their prompts."
            + " ";
    page.append("<p>").append(links.isPresent() ? joined : "");
    page.append(
        "Grey: the three classes whose label texts are most similar. The colour of a class is its"
            + " accuracy"
            + (leftOut ? "" : " on the test split")
            + ", from red to green.</p>\n");
    page.append(whose).append("<div class=\"explore\">");
    page.append(
        GraphPicture.of(
            classes, links, shown.evaluation().path("per_class"), settings.report().graphNodes()));
    page.append("</div>\n");
    input.graphDir().ifPresent(dir -> graphTables(page, spark, files, dir, input.embedDir()));
    if (results.methods().size() > 1) {
      changes(spark, settings, input, shown.run().method(), page, outDir);
    }
    curves(page, results);
    settings.report().notes().forEach(page::note);
    page.configuration(input.configuration());
    String path = HadoopFiles.path(outDir, PAGE);
    files.write(path, page.end().getBytes(StandardCharsets.UTF_8));
    Json.write(
        files,
        HadoopFiles.path(outDir, "metrics.json"),
        Map.of("runs", input.runs().size(), "classes", classes.size()));
    LOG.info("report: {} runs, {} classes", input.runs().size(), classes.size());
  }

  private static void changes(
      SparkSession spark,
      Settings settings,
      ReportInput input,
      String shown,
      Page page,
      String outDir) {
    Explanations explanations =
        new Explainer(spark).explain(Optional.empty(), input.compared(), input.baseline());
    Json.write(
        new HadoopFiles(spark.sparkContext().hadoopConfiguration()),
        HadoopFiles.path(outDir, Explanations.FILE),
        explanations.json());
    if (explanations.isEmpty()) {
      return;
    }
    page.section("What changed").append(explanations.html(true));
    List<String> fixed =
        explanations.samples(shown).map(samples -> samples.fixedIds()).orElse(List.of());
    int wanted = Math.min(fixed.size(), settings.report().samples());
    if (wanted > 0) {
      ReportInput.Run baseline =
          input.runs().stream()
              .filter(run -> run.method().equals(input.baseline()))
              .findFirst()
              .orElseThrow();
      page.append("<h3>Samples that ").append(Svg.escape(shown)).append(" fixed</h3>\n<p>");
      page.append(
          Svg.escape(
              String.format(
                  "Right with every seed of %s, wrong with every seed of %s; below each is what %s,"
                      + " seed %d, took it for.",
                  shown, input.baseline(), input.baseline(), baseline.seed())));
      page.append("</p>\n");
      page.append(
          RunGallery.named(
              spark,
              settings,
              input.prepareDir(),
              baseline.evaluateDir(),
              fixed.subList(0, wanted)));
    }
  }

  private static void graphTables(
      Page page, SparkSession spark, HadoopFiles files, String graphDir, String embedDir) {
    page.append(
        GraphTables.facts(
            Json.read(files, HadoopFiles.path(graphDir, "metrics.json")),
            Json.read(files, HadoopFiles.path(embedDir, "metrics.json"))));
    page.append("<details><summary>the nearest labels of each</summary>\n");
    page.append(GraphTables.nearest(spark, graphDir, NEAREST_SHOWN)).append("</details>\n");
  }

  private static void curves(Page page, Results results) {
    StringBuilder drawn = new StringBuilder();
    ResultCharts.curves(results, "ce", "Cross entropy").ifPresent(drawn::append);
    ResultCharts.curves(results, "reg", "Distance from the label graph, L_r")
        .ifPresent(drawn::append);
    ResultCharts.curves(results, "prototype_accuracy", "Accuracy by the nearest prototype")
        .ifPresent(drawn::append);
    if (!drawn.isEmpty()) {
      page.section("Training");
      page.append("<p>A line for every run.</p>\n").append(drawn);
    }
  }
}
