package io.github.lsgspark.curation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SelectSettings.Format;
import io.github.lsgspark.config.SelectSettings.Method;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * Chooses the samples to label next among those without a label. Writes selection.csv, whose column
 * label is to be filled in, metrics.json, and with select.format = label-studio the tasks
 * label-studio.json.
 *
 * @param classes their names
 * @param method that was taken, never AUTO
 * @param samples the chosen ones, in order
 * @param places of them
 * @param metrics the content of metrics.json
 */
public record Selection(
    List<String> classes,
    Method method,
    List<Selected> samples,
    SamplePlaces places,
    Map<String, Object> metrics) {
  /** The list of the chosen samples. */
  public static final String FILE = "selection.csv";

  /**
   * Runs the choice.
   *
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   * @throws LsgException exit 3 where every sample has a label, or a method needs labels and there
   *     are none of two classes
   */
  public static Selection run(
      SparkSession spark, Settings settings, String prepareDir, String featuresDir, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    List<String> classes =
        SampleTable.labels(files, prepareDir).labels().stream().map(Label::name).toList();
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "select")) {
      Selection selection =
          new SampleChoice(spark, settings, featuresDir, classes, job).selection(prepareDir);
      selection.write(files, outDir);
      if (settings.select().format() == Format.LABEL_STUDIO) {
        Json.write(
            files, HadoopFiles.path(outDir, LabelStudioTasks.FILE), LabelStudioTasks.of(selection));
      }
      return selection;
    }
  }

  /** Why a sample was chosen, for people. */
  public String reason(Selected one) {
    String stands =
        String.format(
            Locale.ROOT,
            "stands for %.1f samples that are like no labelled or earlier one",
            one.score());
    String unsure =
        switch (method) {
          case AUTO, DIVERSE -> "";
          case MARGIN -> ", counted by how unsure the head is of them";
          case GRAPH -> ", counted by how unsure their neighbours' labels leave them";
        };
    String own =
        one.predicted() < 0
            ? ""
            : String.format(
                Locale.ROOT,
                "; the head takes it for %s, %.0f %%, %.0f points before the next class",
                classes.get(one.predicted()),
                100 * one.probability(),
                100 * one.margin());
    return stands + unsure + own;
  }

  /** The name of the class that the head takes a sample for; empty without a head. */
  public String predicted(Selected one) {
    return one.predicted() < 0 ? "" : classes.get(one.predicted());
  }

  private void write(HadoopFiles files, String outDir) {
    CsvText text =
        new CsvText(
            "path",
            "label",
            "rank",
            "score",
            "predicted",
            "probability",
            "margin",
            "sample",
            "reason");
    for (Selected one : samples) {
      text.row(
          places.of(one.id()),
          "",
          one.rank(),
          one.score(),
          predicted(one),
          one.probability(),
          one.margin(),
          one.id(),
          reason(one));
    }
    files.write(HadoopFiles.path(outDir, FILE), text.toString().getBytes(StandardCharsets.UTF_8));
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
  }
}
