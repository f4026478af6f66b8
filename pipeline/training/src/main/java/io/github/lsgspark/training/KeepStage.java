package io.github.lsgspark.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Keep;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses among a closed form, a training and the mean of both, and writes the chosen one as an
 * ordinary model. Test samples are not looked at: the validation split judges, or without one the
 * trials ({@link TrialStage}).
 */
public final class KeepStage {
  private static final Logger LOG = LoggerFactory.getLogger(KeepStage.class);

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
   * @param trials empty unless the best model is to be kept
   */
  public record Inputs(String prepare, String head, String train, Optional<String> trials) {}

  /**
   * Runs the stage.
   *
   * @return the content of metrics.json
   * @throws LsgException exit 2 if {@code train.keep = mean} is asked for of models that cannot be
   *     one
   */
  public static Map<String, Object> run(
      SparkSession spark, Settings settings, Inputs inputs, String outDir) {
    return new KeepStage(spark, settings, inputs).run(outDir);
  }

  private Map<String, Object> run(String outDir) {
    ModelFiles head = new ModelFiles(files, inputs.head());
    ModelFiles train = new ModelFiles(files, inputs.train());
    Optional<String> obstacle = MeanModel.obstacle(train.description(), head.description());
    Keep wanted = settings.train().keep();
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("keep", name(wanted));
    Keep kept = wanted;
    if (wanted == Keep.BEST) {
      Judgement judgement = judgement(obstacle.isEmpty(), metrics);
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

  private Judgement judgement(boolean mean, Map<String, Object> metrics) {
    List<Sample> validation = TrialStage.judges(spark, inputs.prepare());
    Judgement judgement;
    if (validation.isEmpty()) {
      String dir = inputs.trials().orElseThrow();
      metrics.put(
          "judged_by",
          Json.read(files, HadoopFiles.path(dir, ModelFiles.METRICS)).path("judged_by").asText());
      judgement =
          Trials.read(files, HadoopFiles.path(dir, Trials.FILE))
              .of(TrialStage.start(files, settings, inputs.trials()))
              .map(trials -> new Judgement(trials.verdicts(), trials.mean() && mean))
              .orElse(new Judgement(List.of(), mean));
    } else {
      metrics.put("judged_by", "the validation split");
      judgement =
          new Judgement(
              Verdicts.of(spark, "keep", settings, validation, inputs.head(), inputs.train()),
              mean);
    }
    metrics.put("judged", judgement.verdicts().size());
    return judgement;
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
