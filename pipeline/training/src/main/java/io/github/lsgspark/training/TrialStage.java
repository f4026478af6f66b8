package io.github.lsgspark.training;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.TrainSettings.Start;
import io.github.lsgspark.config.TrialSettings;
import io.github.lsgspark.dataset.Sample;
import io.github.lsgspark.dataset.SampleTable;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageTenure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Short trainings, from the closed form and from a drawn classifier, judged on samples that none of
 * them has seen: those of the validation split, or without one the folds of the labelled samples,
 * for each of which a head is fitted and trainings are made without it. Test samples are not looked
 * at.
 */
public final class TrialStage {
  private static final Logger LOG = LoggerFactory.getLogger(TrialStage.class);

  /** A smaller validation split says too little. */
  private static final int FEWEST = 50;

  private final SparkSession spark;
  private final HadoopFiles files;
  private final Settings settings;
  private final Function<Start, Settings> trial;
  private final Inputs inputs;

  private TrialStage(
      SparkSession spark, Settings settings, Function<Start, Settings> trial, Inputs inputs) {
    this.spark = spark;
    this.files = new HadoopFiles(spark.sparkContext().hadoopConfiguration());
    this.settings = settings;
    this.trial = trial;
    this.inputs = inputs;
  }

  /**
   * Outputs of other stages.
   *
   * @param fit what the head was fitted to
   * @param graph and gcn empty for plain fine-tuning
   */
  public record Inputs(
      HeadStage.Inputs fit, String head, Optional<String> graph, Optional<String> gcn) {}

  /**
   * Runs the stage.
   *
   * @param trial the settings of a short training, by what it starts from
   * @param runningDir where trials lie while it runs; those that are done are not made again. The
   *     caller deletes it when the stage is done
   * @return the content of metrics.json
   */
  public static Map<String, Object> run(
      SparkSession spark,
      Settings settings,
      Function<Start, Settings> trial,
      Inputs inputs,
      String outDir,
      String runningDir) {
    return new TrialStage(spark, settings, trial, inputs).run(outDir, runningDir);
  }

  /**
   * What the training starts from.
   *
   * @param trials output of this stage; empty where the settings leave no choice
   * @throws LsgException exit 3 if it cannot be read
   */
  public static Start start(HadoopFiles files, Settings settings, Optional<String> trials) {
    Start start = settings.train().start();
    return start == Start.BEST
        ? Trials.read(files, HadoopFiles.path(trials.orElseThrow(), Trials.FILE))
            .best(race(settings).keep())
        : start;
  }

  private static Race race(Settings settings) {
    return Race.forWhat(settings.train().keep());
  }

  /** The validation split, if it is large enough to judge. */
  static List<Sample> judges(SparkSession spark, String prepare) {
    List<Sample> validation = TrainStage.samples(spark, prepare, SampleTable.VALIDATION);
    return validation.size() >= FEWEST ? validation : List.of();
  }

  private Map<String, Object> run(String outDir, String runningDir) {
    List<Sample> validation = judges(spark, inputs.fit().prepare());
    boolean split = !validation.isEmpty();
    Start wanted = settings.train().start();
    Map<String, Object> metrics = new LinkedHashMap<>();
    Trials trials = Trials.NONE;
    if (split && wanted != Start.BEST) {
      LOG.info("trials: none; the validation split will judge the models themselves");
    } else {
      trials = split ? onSplit(validation, runningDir) : onFolds(runningDir);
      String by = judgedBy(split);
      metrics.put("judged_by", by);
      if (trials.judged() == 0) {
        LOG.warn("trials: none; no class has two labelled samples, so none can be set aside");
      } else {
        LOG.info("trials: by {} samples of {}:{}", trials.judged(), by, trials.table());
      }
    }
    if (wanted == Start.BEST) {
      Start start = trials.best(race(settings).keep());
      metrics.put("start", start.name().toLowerCase(Locale.ROOT));
      LOG.info("trials: the training starts from {}", start(start));
    }
    metrics.put("judged", trials.judged());
    metrics.put("candidates", trials.candidates());
    Json.write(files, HadoopFiles.path(outDir, Trials.FILE), trials);
    Json.write(files, HadoopFiles.path(outDir, ModelFiles.METRICS), metrics);
    return metrics;
  }

  private String judgedBy(boolean split) {
    TrialSettings own = settings.train().trials();
    String folds =
        own.folds() + " folds" + (own.repeats() > 1 ? " " + own.repeats() + " times" : "");
    return String.format(
        Locale.ROOT,
        "%s, by trainings of %.2g of the steps",
        split ? "the validation split" : folds,
        own.share());
  }

  private List<Start> starts() {
    Start start = settings.train().start();
    return start == Start.BEST ? List.of(Start.HEAD, Start.RANDOM) : List.of(start);
  }

  private Trials onSplit(List<Sample> validation, String runningDir) {
    LOG.info("trials: judged by {} samples of the validation split", validation.size());
    String dir = HadoopFiles.path(runningDir, "trial");
    return trial(starts(), validation, Set.of(), Optional.of(inputs.head()), dir, runningDir);
  }

  private Trials onFolds(String runningDir) {
    List<Sample> labelled = TrainStage.samples(spark, inputs.fit().prepare(), SampleTable.TRAIN);
    int folds = settings.train().trials().folds();
    int repeats = settings.train().trials().repeats();
    Trials all = Trials.NONE;
    List<Start> racing = starts();
    int made = 0;
    for (int repeat = 0; repeat < repeats; repeat++) {
      List<List<Sample>> division = StratifiedFolds.of(labelled, folds, settings.seed(), repeat);
      for (int fold = 0; fold < folds && !racing.isEmpty(); fold++) {
        List<Sample> aside = division.get(fold);
        if (!aside.isEmpty()) {
          LOG.info(
              "trials: {} of {}: {} of {} labelled samples set aside",
              repeat * folds + fold + 1,
              folds * repeats,
              aside.size(),
              labelled.size());
          Set<String> hidden = aside.stream().map(Sample::id).collect(Collectors.toSet());
          String dir = HadoopFiles.path(runningDir, "trial-" + repeat + "-" + fold);
          all = all.and(trial(racing, aside, hidden, Optional.empty(), dir, runningDir));
          made++;
          racing = next(all, racing, made < folds * repeats);
        }
      }
    }
    return all;
  }

  /** The starts of the next trial. */
  private List<Start> next(Trials all, List<Start> racing, boolean more) {
    List<Start> left = race(settings).left(all, racing);
    if (more && left.isEmpty()) {
      LOG.info("trials: {} samples decide, so no more of them are made", all.judged());
    } else if (more && left.size() < racing.size()) {
      LOG.info(
          "trials: {} samples decide for the start from {}, and the others are not tried further",
          all.judged(),
          start(left.get(0)));
    }
    return left;
  }

  private static String start(Start start) {
    return start == Start.HEAD ? "the head" : "a drawn classifier";
  }

  /**
   * One head and a training from each start.
   *
   * @param racing the starts
   * @param judges samples that none of them sees
   * @param hidden labelled samples that are kept from them
   * @param fitted a head that has not seen them; one is fitted where there is none
   */
  private Trials trial(
      List<Start> racing,
      List<Sample> judges,
      Set<String> hidden,
      Optional<String> fitted,
      String dir,
      String runningDir) {
    String done = HadoopFiles.path(dir, Trials.FILE);
    if (files.exists(done)) {
      return Trials.read(files, done);
    }
    String own = HadoopFiles.path(dir, "head");
    if (fitted.isEmpty()) {
      HeadStage.run(spark, trial.apply(racing.get(0)), inputs.fit(), hidden, own);
    }
    String head = fitted.orElse(own);
    Trials trials = Trials.NONE;
    for (Start start : racing) {
      String train = HadoopFiles.path(dir, "train");
      String running = HadoopFiles.path(dir, "running");
      Settings shorter = trial.apply(start);
      TrainingPlan plan =
          TrainStage.plan(
                  spark,
                  shorter,
                  inputs.fit().prepare(),
                  inputs.graph(),
                  inputs.gcn(),
                  start == Start.HEAD ? Optional.of(head) : Optional.empty(),
                  TrainStage.takesSoftLabels(shorter) ? Optional.of(head) : Optional.empty(),
                  inputs.fit().weights(),
                  train,
                  running)
              .without(hidden);
      var unused = TrainStage.run(spark, plan, StageTenure.of(runningDir));
      boolean mean =
          MeanModel.obstacle(
                  new ModelFiles(files, train).description(),
                  new ModelFiles(files, head).description())
              .isEmpty();
      trials =
          trials.with(
              start,
              new Judgement(Verdicts.of(spark, "trials", shorter, judges, head, train), mean));
      files.delete(train);
      files.delete(running);
    }
    Json.write(files, done, trials);
    files.delete(own);
    return trials;
  }
}
