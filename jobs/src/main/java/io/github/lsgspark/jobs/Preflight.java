package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.VoteMembers;
import io.github.lsgspark.jobs.checks.Checks;
import io.github.lsgspark.jobs.checks.Findings;
import io.github.lsgspark.jobs.checks.Part;
import io.github.lsgspark.jobs.checks.Plan;
import io.github.lsgspark.jobs.checks.Planned;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run is about to read and make, for the {@link Checks} that come before its first stage.
 * Files that are part of an output's identity must be there even if it is made already; a device,
 * an engine or a model only if the stage has to run.
 */
final class Preflight {
  private final Loaded base;
  private final PipelineRun run;
  private final SparkLauncher spark;
  private final boolean fetches;

  /** Of a run that is about to start, which has its models fetched. */
  Preflight(Loaded base, PipelineRun run, SparkLauncher spark) {
    this(base, run, spark, true);
  }

  /**
   * @param fetches whether models that are not here are fetched
   */
  Preflight(Loaded base, PipelineRun run, SparkLauncher spark, boolean fetches) {
    this.base = base;
    this.run = run;
    this.spark = spark;
    this.fetches = fetches;
  }

  /**
   * Looks at all that these variants need for a stage.
   *
   * @param goal what is to be made
   */
  Findings of(List<RunSpec> variants, Goal goal) {
    Findings storage = Checks.ofStorage(plan(variants, goal, false));
    // Where nothing answers, nothing is looked for.
    Findings findings = Checks.of(plan(variants, goal, storage.exitCode() == 0), storage);
    for (RunSpec variant : made(variants, goal)) {
      for (Stage stage : goal.needed(variant.loaded())) {
        if (Stages.OWN.contains(stage)) {
          findings.look(stage.name(), () -> stage.check(variant.loaded()));
        } else {
          findings.look(stage.name(), () -> run.look(stage, variant.loaded()));
        }
      }
    }
    return findings;
  }

  /** Looks at all that a run needs, or a grid if the configuration has one. */
  Findings all() {
    return base.experiment()
        .map(grid -> of(RunSpec.of(base, grid), Stages.EVALUATE))
        .orElseGet(() -> of(RunSpec.of(base), Goal.run(run.stages())));
  }

  /** Looks at all that these variants need for a stage. */
  Findings of(List<RunSpec> variants, Stage target) {
    return of(variants, Goal.of(run.stages(), target));
  }

  private static List<RunSpec> made(List<RunSpec> variants, Goal goal) {
    return goal.ofMainOnly() ? List.of(RunSpec.main(variants)) : variants;
  }

  /**
   * @param look whether to see what is made already
   */
  private Plan plan(List<RunSpec> variants, Goal goal, boolean look) {
    List<Planned> planned = new ArrayList<>();
    RunSpec main = RunSpec.main(variants);
    boolean pretrains = false;
    boolean pretrained = true;
    for (RunSpec variant : made(variants, goal)) {
      Set<Stage> needed = goal.ofEach(variant.loaded());
      Set<Stage> missing = look ? run.missing(variant, needed) : needed;
      if ((needed.contains(Stages.TRAIN) || needed.contains(Stages.FEATURES))
          && variant.settings().train().weights().equals(Conditions.PRETRAIN)) {
        pretrains = true;
        pretrained &= !missing.contains(Stages.TRAIN) && !missing.contains(Stages.FEATURES);
      }
      if (variant.equals(main)) {
        needed.addAll(goal.after(variant.loaded()));
      }
      planned.add(planned(run.withClips(variant.loaded()), needed, missing));
      if (needed.contains(Stages.VOTE)) {
        boolean voted = !missing.contains(Stages.VOTE);
        for (Loaded member : VoteMembers.of(variant.loaded()).values()) {
          Set<Stage> own = run.stages().needed(Set.of(Stages.HEAD), member);
          planned.add(planned(run.withClips(member), own, voted ? Set.of() : own));
        }
      }
    }
    if (pretrains) {
      Loaded pretraining = RunSpec.pretraining(base);
      Set<Stage> needed = run.stages().needed(Set.of(Stages.TRAIN), pretraining);
      planned.add(planned(pretraining, needed, pretrained ? Set.of() : needed));
    }
    // A local cluster's tasks are in processes of their own.
    boolean here = spark.master().startsWith("local") && !spark.master().contains("cluster");
    return new Plan(planned, run.store().workDir(), spark.hadoop(), here, fetches, scratch(here));
  }

  private Map<String, List<String>> scratch(boolean here) {
    Map<String, List<String>> scratch = new LinkedHashMap<>();
    scratch.put("java.io.tmpdir", List.of(System.getProperty("java.io.tmpdir")));
    if (here) {
      // In Spark's order.
      String environment = System.getenv("SPARK_LOCAL_DIRS");
      String property = spark.conf().get("spark.local.dir", "");
      if (environment != null) {
        scratch.put("SPARK_LOCAL_DIRS", List.of(environment.split(",")));
      } else if (!property.isEmpty()) {
        scratch.put("spark.local.dir", List.of(property.split(",")));
      }
    }
    return scratch;
  }

  private static Planned planned(Loaded loaded, Set<Stage> needed, Set<Stage> missing) {
    return new Planned(loaded.settings(), loaded.effective(), parts(needed), parts(missing));
  }

  private static Set<Part> parts(Set<Stage> stages) {
    Set<Part> parts = EnumSet.noneOf(Part.class);
    stages.forEach(stage -> Part.of(stage.name()).ifPresent(parts::add));
    return parts;
  }
}
