package io.github.lsgspark.experiment;

import io.github.lsgspark.config.ExperimentSettings.Split;
import io.github.lsgspark.config.LabelBudget;
import io.github.lsgspark.report.explanation.ComparedRun;
import io.github.lsgspark.report.explanation.Explainer;
import io.github.lsgspark.report.explanation.Explanations;
import io.github.lsgspark.report.page.Page;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;

/**
 * Writes what a grid of runs came to: {@code runs.parquet} ({@link RunTable}), {@code table.txt},
 * {@code table.md} and {@code table.json} ({@link SummaryTable}, {@link UnseenTable}), {@code
 * learning-curves.svg}, {@code explanation.json} ({@link Explanations}), {@code index.html} and
 * {@code metrics.json}.
 */
public final class ExperimentStage {
  /** The table for a terminal. */
  public static final String TABLE = "table.txt";

  /** The page. */
  public static final String PAGE = "index.html";

  private ExperimentStage() {}

  /**
   * Runs the stage.
   *
   * @param input whose runs must have been evaluated
   */
  public static void run(SparkSession spark, ExperimentInput input, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    Split split = input.grid().split();
    List<RunResult> results =
        input.runs().stream().map(run -> RunResult.read(run, split, files)).toList();
    Summary summary = new Summary(input.grid(), results);
    SummaryTable table = new SummaryTable(summary);
    UnseenTable unseen = new UnseenTable(input.grid(), results);
    List<TextTable> tables =
        unseen.isEmpty() ? List.of(table.table()) : List.of(table.table(), unseen.table());
    Map<String, Object> json = table.json();
    if (!unseen.isEmpty()) {
      json.put("unseen", unseen.json());
    }
    String curves = LearningCurves.accuracies(summary);
    String differences = LearningCurves.differences(summary);
    RunTable.write(spark, results, HadoopFiles.path(outDir, "runs.parquet"));
    write(files, outDir, TABLE, joined(tables, TextTable::text));
    write(files, outDir, "table.md", joined(tables, TextTable::markdown));
    Json.write(files, HadoopFiles.path(outDir, "table.json"), json);
    write(files, outDir, "learning-curves.svg", curves);
    if (!differences.isEmpty()) {
      write(files, outDir, "differences.svg", differences);
    }
    // What changed is told of test samples, which no choice is to be made by.
    Explanations explanations =
        split == Split.TEST && input.grid().compares()
            ? explanations(spark, input)
            : Explanations.of(List.of());
    Json.write(files, HadoopFiles.path(outDir, Explanations.FILE), explanations.json());
    Page page = new Page(input.title(), input.drawn());
    if (summary.missing() > 0) {
      page.note(summary.missing() + " of " + input.grid().runs() + " runs failed and are missing.");
    }
    page.section("Accuracy over the number of labels").append(curves).append(differences);
    page.append("<p>Whiskers are one standard error; dashed: with class prototypes.</p>\n");
    page.section("Result on the " + split + " split")
        .append(tables.get(0).html("Methods by labels of each class"));
    if (!unseen.isEmpty()) {
      page.section("Classes without labels").append(tables.get(1).html("Classes without labels"));
    }
    if (!explanations.isEmpty()) {
      page.section("What changed").append(explanations.html(false));
    }
    page.section("All runs").append("<details><summary>every run of the grid</summary>\n");
    page.append(RunTable.html(results)).append("</details>\n");
    page.configuration(input.configuration());
    write(files, outDir, PAGE, page.end());
    Json.write(
        files,
        HadoopFiles.path(outDir, "metrics.json"),
        Map.of("runs", results.size(), "missing", summary.missing()));
  }

  private static String joined(List<TextTable> tables, Function<TextTable, String> form) {
    return tables.stream().map(form).collect(Collectors.joining("\n"));
  }

  private static Explanations explanations(SparkSession spark, ExperimentInput input) {
    Explainer explainer = new Explainer(spark);
    List<Explanations> ofBudgets = new ArrayList<>();
    for (LabelBudget budget : input.grid().budgets()) {
      List<ComparedRun> runs =
          input.runs().stream()
              .filter(run -> run.budget().equals(budget))
              .map(run -> compared(run, input.grid().number(run.trial())))
              .toList();
      if (runs.stream().map(ComparedRun::method).distinct().count() > 1) {
        ofBudgets.add(
            explainer.explain(Optional.of(budget.toString()), runs, input.grid().baseline()));
      }
    }
    return Explanations.of(ofBudgets);
  }

  /**
   * @param number of the trial, by which runs are paired
   */
  private static ComparedRun compared(ExperimentInput.Run run, long number) {
    return new ComparedRun(
        run.method(),
        number,
        run.stages().getOrDefault("train", run.stages().get("head")),
        run.stages().get("evaluate"),
        run.stages().get("embed"),
        run.guidance());
  }

  private static void write(HadoopFiles files, String folder, String name, String text) {
    files.write(HadoopFiles.path(folder, name), text.getBytes(StandardCharsets.UTF_8));
  }
}
