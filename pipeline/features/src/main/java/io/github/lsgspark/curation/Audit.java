package io.github.lsgspark.curation;

import static org.apache.spark.sql.functions.lit;

import io.github.lsgspark.config.AuditSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.curation.Neighbourhoods.Near;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.features.FeatureTable;
import io.github.lsgspark.head.FeatureTransform;
import io.github.lsgspark.head.FittedHead;
import io.github.lsgspark.head.HeadFit;
import io.github.lsgspark.head.HeadProbabilities;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.JobDescription;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.text.Label;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.storage.StorageLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks through a table of features for wrong labels, samples that are the same, and samples that
 * are like no other. Writes errors.csv, duplicates.csv, outliers.csv and metrics.json.
 *
 * @param classes their names
 * @param errors labels that may be wrong; empty where fewer than two classes have labels
 * @param duplicates pairs of samples
 * @param outliers samples that are far from all others
 * @param places of the samples that are named
 * @param metrics the content of metrics.json
 */
public record Audit(
    List<String> classes,
    List<LabelError> errors,
    List<DuplicatePair> duplicates,
    List<Outlier> outliers,
    SamplePlaces places,
    Map<String, Object> metrics) {
  private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

  /**
   * Runs the audit.
   *
   * @param settings whose head is a ridge without unlabelled samples
   * @param prepareDir output of the prepare stage
   * @param featuresDir output of the features stage, of the same samples
   */
  public static Audit run(
      SparkSession spark, Settings settings, String prepareDir, String featuresDir, String outDir) {
    HadoopFiles files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    List<String> classes =
        SampleTable.labels(files, prepareDir).labels().stream().map(Label::name).toList();
    Map<String, Object> metrics = new LinkedHashMap<>();
    try (JobDescription job = JobDescription.of(spark.sparkContext(), "audit")) {
      FeatureTransform transform = HeadProbabilities.transform(spark, settings.head(), featuresDir);
      List<LabelError> errors =
          errors(spark, settings, featuresDir, transform, classes, metrics, job);
      Dataset<Row> table =
          FeatureTable.stored(spark, featuresDir, FeatureTable.facts(files, featuresDir).store());
      SampleLikeness.Duplicates duplicates;
      SampleLikeness.Outliers outliers;
      AuditSettings own = settings.audit();
      job.now("search the nearest samples of all splits");
      try (SampleVectors all = SampleVectors.of(spark, featuresDir, transform, lit(true))) {
        JavaPairRDD<Integer, Near> near =
            Neighbourhoods.of(spark, all, own.outlierNeighbours(), "audit")
                .persist(StorageLevel.MEMORY_AND_DISK());
        SampleLikeness likeness = new SampleLikeness(own, all, near);
        duplicates = likeness.duplicates(table);
        outliers = likeness.outliers(table);
        near.unpersist();
        metrics.put("samples", all.count());
      }
      metrics.put("exact_duplicates", duplicates.exact());
      metrics.put("near_duplicates", duplicates.near());
      metrics.put(
          "duplicates_across_splits",
          duplicates.listed().stream().filter(DuplicatePair::acrossSplits).count());
      metrics.put(
          "duplicates_with_two_labels",
          duplicates.listed().stream().filter(DuplicatePair::labelsDiffer).count());
      metrics.put("outliers", outliers.count());
      metrics.put("median_distance", outliers.median());
      List<String> named = new ArrayList<>();
      errors.forEach(one -> named.add(one.id()));
      outliers.listed().forEach(one -> named.add(one.id()));
      duplicates.listed().forEach(one -> named.addAll(List.of(one.first(), one.second())));
      Audit audit =
          new Audit(
              classes,
              errors,
              duplicates.listed(),
              outliers.listed(),
              SamplePlaces.of(spark, prepareDir, named),
              metrics);
      audit.write(files, outDir);
      LOG.info(
          "audit: {} labels may be wrong, {} pairs of the same content and {} nearly the same, {}"
              + " outliers",
          metrics.getOrDefault("suspects", 0),
          duplicates.exact(),
          duplicates.near(),
          outliers.count());
      return audit;
    }
  }

  private static List<LabelError> errors(
      SparkSession spark,
      Settings settings,
      String featuresDir,
      FeatureTransform transform,
      List<String> classes,
      Map<String, Object> metrics,
      JobDescription job) {
    Optional<LabelledSamples> some = LabelledSamples.of(spark, featuresDir, classes);
    long labelled = some.map(LabelledSamples::count).orElse(0L);
    metrics.put("labelled", labelled);
    if (some.isEmpty() || some.get().classes() < 2) {
      LOG.warn(
          "audit: labels of {} classes; without two no label can be told to be wrong",
          some.map(LabelledSamples::classes).orElse(0L));
      return List.of();
    }
    job.now("leave each labelled sample out");
    FittedHead fitted = HeadFit.fit(spark, settings.head(), featuresDir, classes);
    job.now("search the nearest labelled samples");
    try (SampleVectors samples =
        SampleVectors.of(spark, featuresDir, transform, SampleVectors.labelled())) {
      LabelErrors.Found found =
          new LabelErrors(settings.audit())
              .of(
                  HeadProbabilities.leftOut(spark, settings.head(), featuresDir, fitted),
                  samples,
                  Neighbourhoods.of(spark, samples, settings.audit().neighbours(), "audit"),
                  classes.size());
      metrics.put("judged", found.judged());
      metrics.put("suspects", found.suspects());
      metrics.put("suspects_of_confident_learning", found.confident());
      metrics.put("leave_one_out_accuracy", found.leftOutAccuracy());
      metrics.put("classes_of_one_sample", some.get().alone(classes));
      if (found.alone() > 0) {
        LOG.warn(
            "audit: {} labelled samples are the only ones of their classes, such as {}; nothing can"
                + " be said of them",
            found.alone(),
            some.get().alone(classes).get(0));
      }
      LOG.info(
          String.format(
              Locale.ROOT,
              "audit: %,d labels judged, left out %.1f %% of them are found again",
              found.judged(),
              100 * found.leftOutAccuracy()));
      return found.likeliest();
    }
  }

  private void write(HadoopFiles files, String outDir) {
    write(files, outDir, "errors.csv", errorsText());
    write(files, outDir, "duplicates.csv", duplicatesText());
    write(files, outDir, "outliers.csv", outliersText());
    Json.write(files, HadoopFiles.path(outDir, "metrics.json"), metrics);
  }

  private static void write(HadoopFiles files, String outDir, String name, String text) {
    files.write(HadoopFiles.path(outDir, name), text.getBytes(StandardCharsets.UTF_8));
  }

  /** The name of a class; empty where there is none. */
  public String name(int label) {
    return label < 0 ? "" : classes.get(label);
  }

  /** Why a label may be wrong, for people. */
  public String reason(LabelError error) {
    return String.format(
        Locale.ROOT,
        "without this sample the head gives %s %.0f %% and %s %.0f %%; of its nearest labelled"
            + " samples %.0f %% are %s and %.0f %% %s%s",
        name(error.label()),
        100 * error.leftOutLabel(),
        name(error.suggested()),
        100 * error.leftOutSuggested(),
        100 * error.nearLabel(),
        name(error.label()),
        100 * error.nearSuggested(),
        name(error.suggested()),
        error.confident() ? "; confident learning calls it an error, too" : "");
  }

  private String errorsText() {
    CsvText text =
        new CsvText(
            "rank",
            "path",
            "id",
            "label",
            "suggested",
            "score",
            "left_out_label",
            "left_out_suggested",
            "left_out_margin",
            "near_label",
            "near_suggested",
            "confident_learning",
            "reason");
    int rank = 0;
    for (LabelError one : errors) {
      text.row(
          ++rank,
          places.of(one.id()),
          one.id(),
          name(one.label()),
          name(one.suggested()),
          one.score(),
          one.leftOutLabel(),
          one.leftOutSuggested(),
          one.leftOutMargin(),
          one.nearLabel(),
          one.nearSuggested(),
          one.confident(),
          reason(one));
    }
    return text.toString();
  }

  private String duplicatesText() {
    CsvText text =
        new CsvText(
            "kind",
            "similarity",
            "path",
            "split",
            "label",
            "other_path",
            "other_split",
            "other_label",
            "across_splits",
            "labels_differ");
    for (DuplicatePair one : duplicates) {
      text.row(
          one.exact() ? "exact" : "near",
          one.cosine(),
          places.of(one.first()),
          one.splitFirst(),
          name(one.labelFirst()),
          places.of(one.second()),
          one.splitSecond(),
          name(one.labelSecond()),
          one.acrossSplits(),
          one.labelsDiffer());
    }
    return text.toString();
  }

  private String outliersText() {
    CsvText text = new CsvText("rank", "path", "id", "split", "label", "distance", "deviations");
    int rank = 0;
    for (Outlier one : outliers) {
      text.row(
          ++rank,
          places.of(one.id()),
          one.id(),
          one.split(),
          name(one.label()),
          one.distance(),
          one.deviations());
    }
    return text.toString();
  }
}
