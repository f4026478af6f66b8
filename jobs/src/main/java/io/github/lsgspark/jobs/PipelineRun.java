package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.embedding.LabelExplanation;
import io.github.lsgspark.report.ReportStage;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.StageStore;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans and runs the stages of a configuration, variant by variant. A stage is identified by what
 * it depends on ({@link StageFingerprints}), so variants share whatever they have in common and a
 * later run skips whatever has not changed.
 */
final class PipelineRun implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PipelineRun.class);

  private final Loaded base;
  private final Stages stages;
  private final StageStore store;
  private final SparkLauncher spark;
  private final StageFingerprints fingerprints;
  private final ClipChoice clips;
  private final MachineChoice machines;
  private final StageExecutor executor;
  private final Optional<RunPlan> plan;

  PipelineRun(Loaded base, String workDir, SparkLauncher spark) {
    this.base = base;
    this.stages = Stages.found();
    this.store = new StageStore(workDir, spark.hadoop());
    this.spark = spark;
    this.fingerprints = new StageFingerprints(new InputFiles(store.files()));
    this.clips = new ClipChoice(store.files());
    this.machines = new MachineChoice(new SparkMachines(spark));
    this.executor = new StageExecutor(store, spark);
    this.plan = Optional.empty();
  }

  /**
   * @param executor with the variant's name, for Spark's pages; what is done is shared
   * @param plan if nothing is made
   */
  private PipelineRun(PipelineRun all, StageExecutor executor, Optional<RunPlan> plan) {
    this.base = all.base;
    this.stages = all.stages;
    this.store = all.store;
    this.spark = all.spark;
    this.fingerprints = all.fingerprints;
    this.clips = all.clips;
    this.machines = all.machines;
    this.executor = executor;
    this.plan = plan;
  }

  private PipelineRun named(RunSpec variant) {
    return new PipelineRun(this, executor.named(variant.toString()), plan);
  }

  /**
   * Looks for all that can be known to be wrong, before anything is made.
   *
   * @throws LsgException with the exit code of the first that is
   */
  void check(Goal goal) {
    new Preflight(base, this, spark).of(RunSpec.of(base), goal).require();
    if (goal.after(RunSpec.main(RunSpec.of(base)).loaded()).contains(Stages.REPORT)) {
      new Tracking(base, store).check();
    }
  }

  /** Looks for what is wrong with a stage's own settings, and with the files that they name. */
  void look(Stage stage, Loaded loaded) {
    stage.check(loaded);
    fingerprints.look(stage, loaded);
  }

  /**
   * Those of a variant's stages that have to be made, and all after the first of them. Makes
   * nothing and needs no Spark.
   */
  Set<Stage> missing(RunSpec variant, Set<Stage> needed) {
    try {
      new PipelineRun(this, executor.looking(), plan).run(variant, needed);
      return Set.of();
    } catch (StageExecutor.NotMadeException e) {
      int first = stages.all().indexOf(e.stage());
      Set<Stage> missing = new LinkedHashSet<>(needed);
      missing.removeIf(stage -> stages.all().indexOf(stage) < first);
      return missing;
    } catch (LsgException | UncheckedIOException e) {
      // What is wrong is told by the checks.
      return needed;
    }
  }

  /** The same run, which makes nothing, and tells a plan what it would. */
  PipelineRun planning(RunPlan plan) {
    return new PipelineRun(this, executor.looking(plan), Optional.of(plan));
  }

  /** As {@link #execute(Goal)}, for one stage and all that it takes. */
  RunRecord execute(Stage target) {
    return execute(Goal.of(stages, target));
  }

  /**
   * Makes what is asked for, for every variant, and writes run.json.
   *
   * @throws LsgException if the configuration, the data or the machine is not fit for it
   */
  RunRecord execute(Goal goal) {
    List<RunSpec> variants = RunSpec.of(base);
    RunSpec main = RunSpec.main(variants);
    if (goal.ofMainOnly()) {
      variants = List.of(main);
    }
    List<RunStages> runs = new ArrayList<>();
    List<StageInputs.Finished> finished = new ArrayList<>();
    for (RunSpec variant : variants) {
      PipelineRun named = this;
      if (variants.size() > 1) {
        LOG.info("---- {}", variant);
        named = named(variant);
      }
      RunStages run = named.run(variant, goal.ofEach(variant.loaded()));
      runs.add(run);
      finished.add(new StageInputs.Finished(variant, run));
    }
    RunStages head = runs.get(variants.indexOf(main));
    for (Stage stage : goal.after(main.loaded())) {
      head.stages().put(stage, obtain(stage, main.loaded(), head.stages(), finished));
    }
    RunRecord record = RunRecord.of(store, base, main, head, runs);
    record.write(store.files());
    return record;
  }

  /**
   * Tells the tracking server, if the settings name one, what a run with a page came to.
   *
   * @throws LsgException exit 4 if the server does not answer
   */
  void tell(RunRecord record) {
    StageRecord page = record.head().stages().get(Stages.REPORT);
    List<RunSpec> variants = RunSpec.of(base);
    if (page != null && variants.size() == record.runs().size()) {
      Map<RunSpec, RunStages> told = new LinkedHashMap<>();
      for (int i = 0; i < variants.size(); i++) {
        told.put(variants.get(i), record.runs().get(i));
      }
      new Tracking(base, store).tell(told, record.metrics(), page.file(ReportStage.PAGE));
    }
  }

  @Override
  public void close() {
    executor.close();
  }

  Stages stages() {
    return stages;
  }

  StageStore store() {
    return store;
  }

  /** Trains and evaluates one variant. Variants may run at the same time. */
  RunStages evaluated(RunSpec variant) {
    return named(variant).run(variant, stages.needed(List.of(Stages.EVALUATE), variant.loaded()));
  }

  /** The output over the finished runs of a grid. */
  StageRecord grid(List<StageInputs.Finished> runs) {
    Map<String, StageRecord> evaluations = new LinkedHashMap<>();
    runs.forEach(run -> evaluations.put("evaluate, " + run.spec(), run.result().stage("evaluate")));
    return obtain(Stages.EXPERIMENT, inputs(Stages.EXPERIMENT, base, evaluations, runs));
  }

  /** What a stage of the main variant takes, which is made; the stage itself is not. */
  StageInputs taken(Stage target) {
    RunSpec main = RunSpec.main(RunSpec.of(base));
    Set<Stage> needed = stages.needed(List.of(target), main.loaded());
    needed.remove(target);
    target.check(main.loaded());
    Loaded decided = decided(target, main.loaded());
    return inputs(target, decided, outputs(target, decided, run(main, needed).stages()), List.of());
  }

  /** What the encoder of the configuration sees of one label; embeds all of them first. */
  String explain(String label) {
    Map<Stage, StageRecord> done = made(Stages.EMBED, base);
    StageRecord embed = done.get(Stages.EMBED);
    StageInputs inputs = inputs(Stages.EMBED, base, outputs(Stages.EMBED, base, done), List.of());
    return new LabelExplanation(
            spark.session(), base.settings(), EmbedJob.labels(inputs), embed.path())
        .of(label);
  }

  RunStages run(RunSpec variant, Set<Stage> needed) {
    Map<Stage, StageRecord> done = new LinkedHashMap<>();
    for (Stage stage : needed) {
      done.put(stage, obtain(stage, variant.loaded(), done, List.of()));
    }
    return new RunStages(variant.method(), variant.seed(), done);
  }

  /** A stage of one configuration, with all that it takes. */
  private Map<Stage, StageRecord> made(Stage target, Loaded loaded) {
    Map<Stage, StageRecord> done = new LinkedHashMap<>();
    for (Stage stage : stages.needed(List.of(target), loaded)) {
      done.put(stage, obtain(stage, loaded, done, List.of()));
    }
    return done;
  }

  StageRecord obtain(
      Stage stage, Loaded open, Map<Stage, StageRecord> done, List<StageInputs.Finished> finished) {
    stage.check(open);
    Loaded loaded = decided(stage, open);
    return obtain(stage, inputs(stage, loaded, outputs(stage, loaded, done), finished));
  }

  /** Settings with the clips that the network of a directory is made for. */
  Loaded withClips(Loaded open) {
    return clips.of(open);
  }

  private Loaded decided(Stage stage, Loaded open) {
    return stage.decided(withClips(open), machines);
  }

  private StageRecord obtain(Stage stage, StageInputs inputs) {
    Fingerprint fingerprint =
        plan.map(planned -> planned.fingerprint(fingerprints, stage, inputs))
            .orElseGet(() -> fingerprints.of(stage, inputs));
    String running = store.running(stage.name(), fingerprint);
    return executor.obtain(
        stage,
        fingerprint,
        inputs.loaded(),
        inputs.counted(),
        (session, folder) -> stage.run(session, inputs, new StageTarget(folder, running)));
  }

  private StageInputs inputs(
      Stage stage,
      Loaded loaded,
      Map<String, StageRecord> outputs,
      List<StageInputs.Finished> finished) {
    return new StageInputs(
        stage,
        loaded,
        outputs,
        spark.hadoop(),
        new StageInputs.Whole(base, store.workDir(), finished));
  }

  /** The outputs that a stage takes; those of other configurations are made here. */
  private Map<String, StageRecord> outputs(
      Stage stage, Loaded loaded, Map<Stage, StageRecord> done) {
    Map<String, StageRecord> outputs = new LinkedHashMap<>();
    for (StageInput input : stage.inputs(loaded)) {
      if (input.when().test(loaded)) {
        Stage maker = stages.named(input.stage()).orElseThrow();
        outputs.put(
            input.name(),
            input
                .configuration()
                .map(other -> made(maker, other.apply(base)).get(maker))
                .orElseGet(() -> done.get(maker)));
      }
    }
    return outputs;
  }

  /** A text file of an output. */
  String read(StageRecord output, String name) {
    return new String(store.files().read(output.file(name)), StandardCharsets.UTF_8);
  }
}
