package io.github.lsgspark.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageTenure;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.training.Judgement.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses among a closed form, a training and the mean of both, and writes the chosen one as an
 * ordinary model. Test samples are not looked at: the validation split judges, or without one folds
 * of the labelled samples, for each of which a head is fitted and a short training made without it.
 */
public final class KeepStage {
  private static final Logger LOG = LoggerFactory.getLogger(KeepStage.class);

  /** A smaller validation split says too little. */
  private static final int FEWEST = 50;

  private static final List<String> COPIED =
      List.of(
          ModelFiles.LAST,
          ModelFiles.VALIDATION_PICKED,
          ModelFiles.PROTOTYPES,
          ModelFiles.DESCRIPTION,
          ModelFiles.LABELS,
          ModelFiles.SERVING,
          ModelFiles.MODULE);

  private final SparkSession spark;
  private final HadoopFiles files;
  private final Settings settings;
  private final Inputs inputs;

  private KeepStage(SparkSession spark, Settings settings, Inputs inputs) {
    this.spark = spark;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.settings = settings;
    this.inputs = inputs;
  }

  /**
   * Outputs of other stages.
   *
   * @param fit what the head was fitted to
   * @param graph and gcn empty for plain fine-tuning
   */
  public record Inputs(
      HeadStage.Inputs fit,
      String head,
      String train,
      Optional<String> graph,
      Optional<String> gcn) {}

  /**
   * Runs the stage.
   *
   * @param trial the settings of a short training
   * @param runningDir where trials lie while it runs; those that are done are not made again. The
   *     caller deletes it when the stage is done
   * @return the content of metrics.json
   * @throws LsgException exit 2 if {@code train.keep = mean} is asked for of models that cannot be
   *     one
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      Settings trial,
      Inputs inputs,
      String outDir,
      String runningDir) {
    return new KeepStage(spark, settings, inputs).run(trial, outDir, runningDir);
  }

  private Map<String, Object> run(Settings trial, String outDir, String runningDir) {
    ModelFiles head = new ModelFiles(files, inputs.head());
    ModelFiles train = new ModelFiles(files, inputs.train());
    Optional<String> obstacle = MeanModel.obstacle(train.description(), head.description());
    Keep wanted = settings.train().keep();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("keep", name(wanted));
    Keep kept = wanted;
    if (wanted == Keep.BEST) {
      Judgement judgement = judgement(trial, obstacle.isEmpty(), runningDir, metrics);
      kept = judgement.best();
      obstacle.ifPresent(why -> LOG.info("keep: no mean of both models: {}", why));
      if (judgement.verdicts().isEmpty()) {
        LOG.warn(
            "keep: the closed form, unjudged: no class has two labelled samples, so none can be set"
                + " aside");
      } else {
        LOG.info(
            "keep: {}, by {} samples of {}:{}",
            name(kept),
            judgement.verdicts().size(),
            metrics.get("judged_by"),
            judgement.table());
      }
      metrics.put("candidates", judgement.candidates());
    } else {
      obstacle
          .filter(why -> wanted == Keep.MEAN)
          .ifPresent(
              why -> {
                throw LsgException.usage("train.keep = mean: " + why);
              });
    }
    metrics.put("kept", name(kept));
    ModelFiles out = new ModelFiles(files, outDir);
    switch (kept) {
      case HEAD -> copy(head, out);
      case TRAINED -> {
        copy(train, out);
        JsonNode facts = Json.read(files, train.path(ModelFiles.METRICS));
        // By which it is known whether validation picked another model than the last.
        for (String fact : List.of("iterations", "best_validation_step")) {
          if (facts.has(fact)) {
            metrics.put(fact, facts.get(fact).asInt());
          }
        }
      }
      case MEAN -> mean(train, head, out);
      case BEST -> throw new IllegalStateException("not chosen");
    }
    Json.write(files, out.path(ModelFiles.METRICS), metrics);
    return metrics;
  }

  private static String name(Keep keep) {
    return keep.name().toLowerCase(Locale.ROOT);
  }

  private Judgement judgement(
      Settings trial, boolean mean, String runningDir, Map<String, Object> metrics) {
    List<Sample> validation =
        TrainStage.samples(spark, inputs.fit().prepare(), SampleTable.VALIDATION);
    List<Verdict> verdicts;
    if (validation.size() >= FEWEST) {
      metrics.put("judged_by", "the validation split");
      verdicts = Verdicts.of(spark, settings, validation, inputs.head(), inputs.train());
    } else {
      var trials = settings.train().trials();
      metrics.put(
          "judged_by",
          String.format(
              Locale.ROOT,
              "%d folds%s, by trainings of %.2g of the steps",
              trials.folds(),
              trials.repeats() > 1 ? " " + trials.repeats() + " times" : "",
              trials.share()));
      verdicts = trials(trial, runningDir);
    }
    metrics.put("judged", verdicts.size());
    return new Judgement(verdicts, mean);
  }

  private List<Verdict> trials(Settings trial, String runningDir) {
    List<Sample> labelled = TrainStage.samples(spark, inputs.fit().prepare(), SampleTable.TRAIN);
    int folds = settings.train().trials().folds();
    int repeats = settings.train().trials().repeats();
    List<Verdict> verdicts = new ArrayList<>();
    for (int repeat = 0; repeat < repeats; repeat++) {
      List<List<Sample>> division = StratifiedFolds.of(labelled, folds, settings.seed(), repeat);
      for (int fold = 0; fold < folds; fold++) {
        if (!division.get(fold).isEmpty()) {
          LOG.info(
              "keep: trial {} of {}: {} of {} labelled samples set aside",
              repeat * folds + fold + 1,
              folds * repeats,
              division.get(fold).size(),
              labelled.size());
          String dir = HadoopFiles.path(runningDir, "trial-" + repeat + "-" + fold);
          verdicts.addAll(trial(trial, division.get(fold), dir, StageTenure.of(runningDir)));
        }
      }
    }
    return verdicts;
  }

  private List<Verdict> trial(
      Settings trial, List<Sample> aside, String dir, Optional<StageTenure> tenure) {
    String done = HadoopFiles.path(dir, "verdicts.json");
    if (files.exists(done)) {
      return Arrays.asList(Json.read(files, done, Verdict[].class));
    }
    Set<String> hidden = aside.stream().map(Sample::id).collect(Collectors.toSet());
    String headDir = HadoopFiles.path(dir, "head");
    HeadStage.run(spark, trial, inputs.fit(), hidden, headDir);
    String trainDir = HadoopFiles.path(dir, "train");
    TrainingPlan plan =
        TrainStage.plan(
                spark,
                trial,
                inputs.fit().prepare(),
                inputs.graph(),
                inputs.gcn(),
                trial.train().start() == Start.HEAD ? Optional.of(headDir) : Optional.empty(),
                inputs.fit().weights(),
                trainDir,
                HadoopFiles.path(dir, "running"))
            .without(hidden);
    var unused = TrainStage.run(spark, plan, tenure);
    List<Verdict> verdicts = Verdicts.of(spark, trial, aside, headDir, trainDir);
    Json.write(files, done, verdicts);
    for (String folder : List.of(headDir, trainDir, HadoopFiles.path(dir, "running"))) {
      files.delete(folder);
    }
    return verdicts;
  }

  private static void copy(ModelFiles from, ModelFiles to) {
    for (String name : COPIED) {
      if (from.exists(name)) {
        to.write(name, from.content(name));
      }
    }
  }

  private static void mean(ModelFiles train, ModelFiles head, ModelFiles out) {
    ModelDescription first = train.description();
    Map<String, HostArray> trained = train.read(ModelFiles.LAST);
    MeanModel model = MeanModel.of(first, trained, head.description(), head.read(ModelFiles.LAST));
    out.write(model.description());
    out.write(ModelFiles.LAST, model.tensors(), model.description());
    out.write(ModelFiles.LABELS, train.content(ModelFiles.LABELS));
    if (train.exists(ModelFiles.PROTOTYPES)) {
      out.write(ModelFiles.PROTOTYPES, train.content(ModelFiles.PROTOTYPES));
    }
    ServingModel.write(out, model.description(), model.tensors(), train.module());
  }
}
