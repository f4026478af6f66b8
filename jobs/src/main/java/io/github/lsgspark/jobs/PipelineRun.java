package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.dataset.PrepareStage;
import io.github.lsgspark.embedding.EmbedStage;
import io.github.lsgspark.embedding.LabelExplanation;
import io.github.lsgspark.evaluation.EvaluateStage;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.gcn.GcnStage;
import io.github.lsgspark.graph.GraphStage;
import io.github.lsgspark.report.ReportInput;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.StageStore;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.training.TrainStage;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans and runs the stages of a configuration, variant by variant. A stage is identified by what
 * it depends on ({@link StageKeys}), so variants share whatever they have in common and a later run
 * skips whatever has not changed.
 */
final class PipelineRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);

  private final Loaded base;
  private final StageStore store;
  private final SparkLauncher spark;
  private final StageKeys keys;
  private final MachineChoice machines;
  private final StageExecutor executor;

  PipelineRun(Loaded base, String workDir, SparkLauncher spark) {
    this.base = base;
    this.store = new StageStore(workDir, spark.hadoop());
    this.spark = spark;
    this.keys = new StageKeys(new InputFiles(store.files()));
    this.machines = new MachineChoice(new SparkMachines(spark));
    this.executor = new StageExecutor(store, spark);
  }

  /**
   * @param executor with the variant's name, for Spark's pages; what is done is shared
   */
  private PipelineRun(PipelineRun all, StageExecutor executor) {
    this.base = all.base;
    this.store = all.store;
    this.spark = all.spark;
    this.keys = all.keys;
    this.machines = all.machines;
    this.executor = executor;
  }

  private PipelineRun named(RunSpec variant) {
    return new PipelineRun(this, executor.named(variant.toString()));
  }

  /**
   * Looks for all that can be known to be wrong, before anything is made.
   *
   * @throws LsgException with the exit code of the first that is
   */
  void check(Stage target) {
    new Preflight(base, this, spark).of(RunSpec.of(base), target).require();
  }

  /**
   * Those of a variant's stages that have to be made, and all after the first of them. Makes
   * nothing and needs no Spark.
   */
  Set<Stage> missing(RunSpec variant, Set<Stage> needed) {
    try {
      new PipelineRun(this, executor.looking()).run(variant, needed);
      return Set.of();
    } catch (StageExecutor.NotMadeException e) {
      Set<Stage> missing = EnumSet.copyOf(needed);
      missing.removeIf(stage -> stage.compareTo(e.stage()) < 0);
      return missing;
    } catch (LsgException | UncheckedIOException e) {
      // What is wrong is told by the checks.
      return needed;
    }
  }

  /**
   * Runs everything up to a stage, for every variant, and writes run.json.
   *
   * @throws LsgException if the configuration, the data or the machine is not fit for it
   */
  RunRecord execute(Stage target) {
    List<RunSpec> variants = RunSpec.of(base);
    RunSpec main = RunSpec.main(variants);
    if (target == Stage.PREDICT) {
      variants = List.of(main);
    }
    List<RunResult> runs = new ArrayList<>();
    for (RunSpec variant : variants) {
      PipelineRun named = this;
      if (variants.size() > 1) {
        LOG.info("---- {}", variant);
        named = named(variant);
      }
      runs.add(named.run(variant, needed(target, variant.settings())));
    }
    RunResult head = runs.get(variants.indexOf(main));
    if (target == Stage.PREDICT || target == Stage.REPORT) {
      head.stages().put(Stage.PREDICT, predict(main, head.stages()));
    }
    if (target == Stage.REPORT) {
      head.stages().put(Stage.REPORT, report(main, head, variants, runs));
    }
    RunRecord record = RunRecord.of(store, base, head, runs);
    record.write(store.files());
    return record;
  }

  @Override
  public void close() {
    executor.close();
  }

  /** What stages are made by; every stage that it makes is shared with this run's own. */
  StageExecutor executor() {
    return executor;
  }

  StageKeys keys() {
    return keys;
  }

  StageStore store() {
    return store;
  }

  /** Trains and evaluates one variant. Variants may run at the same time. */
  RunResult evaluated(RunSpec variant) {
    return named(variant).run(variant, needed(Stage.EVALUATE, variant.settings()));
  }

  /**
   * The stages of one variant that a target needs. Predict and report are not among them: they
   * follow for the main variant only.
   */
  static Set<Stage> needed(Stage target, Settings settings) {
    EnumSet<Stage> needed = EnumSet.noneOf(Stage.class);
    if (target.compareTo(Stage.TRAIN) < 0) {
      needed.addAll(target == Stage.PREPARE ? Set.of(target) : EnumSet.range(Stage.EMBED, target));
    } else {
      needed.addAll(Set.of(Stage.PREPARE, Stage.TRAIN));
      if (settings.lsg().enabled()) {
        needed.addAll(Set.of(Stage.EMBED, Stage.GRAPH, Stage.GCN));
      }
      if (target == Stage.EVALUATE || target == Stage.REPORT) {
        needed.addAll(Set.of(Stage.EMBED, Stage.EVALUATE));
      }
      if (settings.evaluate().headline() == Classifier.LOKI && target == Stage.PREDICT) {
        needed.add(Stage.EMBED);
      }
    }
    if (needed.contains(Stage.EMBED) && settings.labels().file().isEmpty()) {
      needed.add(Stage.PREPARE);
    }
    return needed;
  }

  private RunResult run(RunSpec variant, Set<Stage> needed) {
    Map<Stage, StageRecord> done = new EnumMap<>(Stage.class);
    for (Stage stage : needed) {
      Loaded loaded = variant.loaded();
      done.put(
          stage,
          switch (stage) {
            case PREPARE -> prepare(loaded);
            case EMBED -> embed(loaded);
            case GRAPH -> graph(loaded, done.get(Stage.EMBED));
            case GCN -> gcn(loaded, done.get(Stage.GRAPH));
            case TRAIN -> train(loaded, done);
            case EVALUATE -> evaluate(loaded, done);
            case PREDICT, REPORT, EXPERIMENT ->
                throw new IllegalStateException(stage + " has no variants");
          });
    }
    return new RunResult(variant.method(), variant.seed(), done);
  }

  private StageRecord prepare(Loaded loaded) {
    Settings settings = loaded.settings();
    if (settings.data().train().isEmpty()) {
      throw LsgException.usage("data.train must say where the training samples are");
    }
    return executor.obtain(
        Stage.PREPARE,
        keys.prepare(settings),
        loaded,
        Map.of(),
        (session, folder) -> PrepareStage.run(session, settings, folder));
  }

  private StageRecord embed(Loaded open) {
    LabelSet labels = labels(open);
    Loaded loaded = machines.embedding(open);
    return executor.obtain(
        Stage.EMBED,
        keys.embed(loaded.settings(), labels.toJson()),
        loaded,
        Map.of(),
        (session, folder) -> EmbedStage.run(session, loaded.settings(), labels, folder));
  }

  /** What the encoder of the configuration sees of one label; embeds all of them first. */
  String explain(String label) {
    StageRecord embed = embed(base);
    return new LabelExplanation(spark.session(), base.settings(), labels(base), embed.path())
        .of(label);
  }

  /** The label list: of its own file, which needs no samples, or as prepare found it. */
  private LabelSet labels(Loaded loaded) {
    String file = loaded.settings().labels().file();
    if (!file.isEmpty()) {
      return LabelSet.load(file, spark.hadoop());
    }
    StageRecord prepare = prepare(loaded);
    return LabelSet.fromJson(read(prepare, "labels.json"), prepare.file("labels.json"));
  }

  private StageRecord graph(Loaded loaded, StageRecord embed) {
    return executor.obtain(
        Stage.GRAPH,
        keys.graph(loaded.settings(), embed.fingerprint()),
        loaded,
        Map.of("embed", embed),
        (session, folder) -> GraphStage.run(session, loaded.settings(), embed.path(), folder));
  }

  private StageRecord gcn(Loaded open, StageRecord graph) {
    Loaded loaded = machines.gcn(open);
    return executor.obtain(
        Stage.GCN,
        keys.gcn(loaded.settings(), graph.fingerprint()),
        loaded,
        Map.of("graph", graph),
        (session, folder) -> GcnStage.run(session, loaded.settings(), graph.path(), folder));
  }

  private StageRecord train(Loaded open, Map<Stage, StageRecord> done) {
    Loaded loaded = machines.training(open);
    Settings settings = loaded.settings();
    Map<String, StageRecord> inputs = new LinkedHashMap<>();
    inputs.put("prepare", done.get(Stage.PREPARE));
    List<Fingerprint> guidance = new ArrayList<>();
    if (settings.lsg().enabled()) {
      for (Stage stage : List.of(Stage.GRAPH, Stage.GCN)) {
        inputs.put(stage.folder(), done.get(stage));
        guidance.add(done.get(stage).fingerprint());
      }
    }
    Optional<StageRecord> pretrained = pretrained(settings);
    pretrained.ifPresent(training -> inputs.put(StageSettings.PRETRAIN, training));
    Optional<String> weights =
        pretrained
            .map(training -> training.file("model.safetensors"))
            .or(() -> Optional.of(settings.train().weights()).filter(path -> !path.isEmpty()));
    Fingerprint fingerprint =
        keys.train(
            settings,
            done.get(Stage.PREPARE).fingerprint(),
            guidance,
            pretrained.map(StageRecord::fingerprint));
    String running = store.running(Stage.TRAIN.folder(), fingerprint);
    StageRecord trained =
        executor.obtain(
            Stage.TRAIN,
            fingerprint,
            loaded,
            inputs,
            (session, folder) ->
                TrainStage.run(
                    session,
                    settings,
                    inputs.get("prepare").path(),
                    Optional.ofNullable(inputs.get("graph")).map(StageRecord::path),
                    Optional.ofNullable(inputs.get("gcn")).map(StageRecord::path),
                    weights,
                    folder,
                    running));
    if (!trained.skipped()) {
      store.files().delete(running);
    }
    return trained;
  }

  /** The training that {@code train.weights = pretrain} stands for; equal for all variants. */
  private Optional<StageRecord> pretrained(Settings settings) {
    if (!settings.train().weights().equals(StageSettings.PRETRAIN)) {
      return Optional.empty();
    }
    Loaded pretraining = RunSpec.pretraining(base);
    return Optional.of(train(pretraining, Map.of(Stage.PREPARE, prepare(pretraining))));
  }

  private StageRecord evaluate(Loaded open, Map<Stage, StageRecord> done) {
    Loaded loaded = machines.inference(open);
    StageRecord prepare = done.get(Stage.PREPARE);
    StageRecord train = done.get(Stage.TRAIN);
    StageRecord embed = done.get(Stage.EMBED);
    return executor.obtain(
        Stage.EVALUATE,
        keys.evaluate(
            loaded.settings(), prepare.fingerprint(), train.fingerprint(), embed.fingerprint()),
        loaded,
        Map.of("prepare", prepare, "train", train, "embed", embed),
        (session, folder) ->
            EvaluateStage.run(
                session, loaded.settings(), prepare.path(), train.path(), embed.path(), folder));
  }

  private StageRecord predict(RunSpec main, Map<Stage, StageRecord> done) {
    Loaded loaded = machines.inference(main.loaded());
    StageRecord prepare = done.get(Stage.PREPARE);
    StageRecord train = done.get(Stage.TRAIN);
    Map<String, StageRecord> inputs = new LinkedHashMap<>();
    inputs.put("prepare", prepare);
    inputs.put("train", train);
    Optional<StageRecord> texts =
        main.settings().evaluate().headline() == Classifier.LOKI
            ? Optional.of(done.get(Stage.EMBED))
            : Optional.empty();
    texts.ifPresent(embed -> inputs.put("embed", embed));
    return executor.obtain(
        Stage.PREDICT,
        keys.predict(
            loaded.settings(),
            prepare.fingerprint(),
            train.fingerprint(),
            texts.map(StageRecord::fingerprint)),
        loaded,
        inputs,
        (session, folder) ->
            PredictStage.run(
                session,
                loaded.settings(),
                prepare.path(),
                train.path(),
                texts.map(StageRecord::path),
                folder));
  }

  private StageRecord report(
      RunSpec main, RunResult head, List<RunSpec> variants, List<RunResult> runs) {
    Map<Stage, StageRecord> done = head.stages();
    List<Fingerprint> shown = new ArrayList<>();
    done.values().forEach(stage -> shown.add(stage.fingerprint()));
    List<ReportInput.Run> shownRuns = new ArrayList<>();
    for (int r = 0; r < runs.size(); r++) {
      RunResult run = runs.get(r);
      StageRecord evaluated = run.stages().get(Stage.EVALUATE);
      shown.add(evaluated.fingerprint());
      shownRuns.add(
          new ReportInput.Run(
              run.method(),
              run.seed(),
              run.stages().get(Stage.TRAIN).path(),
              evaluated.path(),
              run.guidance(variants.get(r).settings())));
    }
    ReportInput input =
        new ReportInput(
            "LSG on Spark: " + store.workDir(),
            RunRecord.configuration(base),
            main.settings().data().train().startsWith(StageSettings.DRAWN),
            done.get(Stage.PREPARE).path(),
            done.get(Stage.EMBED).path(),
            Optional.ofNullable(done.get(Stage.GRAPH)).map(StageRecord::path),
            Comparison.baseline(runs),
            shownRuns);
    return executor.obtain(
        Stage.REPORT,
        keys.report(main.settings(), shown, runs.stream().map(RunResult::method).toList()),
        main.loaded(),
        Map.of("evaluate", done.get(Stage.EVALUATE)),
        (session, folder) -> ReportStage.run(session, main.settings(), input, folder));
  }

  /** A text file of an output. */
  String read(StageRecord output, String name) {
    return new String(store.files().read(output.file(name)), StandardCharsets.UTF_8);
  }
}
