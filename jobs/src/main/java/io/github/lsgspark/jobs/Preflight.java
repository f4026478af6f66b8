package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
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
import java.util.Optional;
import java.util.Set;

/**
 * What a run is about to read and make, for the {@link Checks} that come before its first stage.
 * Files that are part of an output's identity must be there even if it is made already; a device,
 * an engine or a model only if the stage has to run.
 */
final class Preflight {
  private static final String PRETRAIN = "pretrain";

  private static final Map<Stage, Part> PARTS =
      Map.of(
          Stage.PREPARE,
          Part.PREPARE,
          Stage.EMBED,
          Part.EMBED,
          Stage.GCN,
          Part.GCN,
          Stage.TRAIN,
          Part.TRAIN,
          Stage.PREDICT,
          Part.PREDICT);

  private final Loaded base;
  private final PipelineRun run;
  private final SparkLauncher spark;

  Preflight(Loaded base, PipelineRun run, SparkLauncher spark) {
    this.base = base;
    this.run = run;
    this.spark = spark;
  }

  /**
   * Looks at all that these variants need for a stage.
   *
   * @param target last stage
   */
  Findings of(List<RunSpec> variants, Stage target) {
    Findings storage = Checks.ofStorage(plan(variants, target, false));
    // Where nothing answers, nothing is looked for.
    return Checks.of(plan(variants, target, storage.exitCode() == 0), storage);
  }

  /**
   * @param look whether to see what is made already
   */
  private Plan plan(List<RunSpec> variants, Stage target, boolean look) {
    List<Planned> planned = new ArrayList<>();
    RunSpec main = RunSpec.main(variants);
    boolean pretrains = false;
    boolean pretrained = true;
    for (RunSpec variant : target == Stage.PREDICT ? List.of(main) : variants) {
      Set<Stage> needed = PipelineRun.needed(target, variant.settings());
      Set<Stage> missing = look ? run.missing(variant, needed) : needed;
      if (needed.contains(Stage.TRAIN) && variant.settings().train().weights().equals(PRETRAIN)) {
        pretrains = true;
        pretrained &= !missing.contains(Stage.TRAIN);
      }
      if ((target == Stage.PREDICT || target == Stage.REPORT) && variant.equals(main)) {
        needed = EnumSet.copyOf(needed);
        needed.add(Stage.PREDICT);
      }
      planned.add(planned(variant.loaded(), needed, missing));
    }
    if (pretrains) {
      Set<Stage> needed = EnumSet.of(Stage.PREPARE, Stage.TRAIN);
      planned.add(planned(RunSpec.pretraining(base), needed, pretrained ? Set.of() : needed));
    }
    // A local cluster's tasks are in processes of their own.
    boolean here = spark.master().startsWith("local") && !spark.master().contains("cluster");
    return new Plan(planned, run.store().workDir(), spark.hadoop(), here, scratch(here));
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
    stages.forEach(stage -> Optional.ofNullable(PARTS.get(stage)).ifPresent(parts::add));
    return parts;
  }
}
