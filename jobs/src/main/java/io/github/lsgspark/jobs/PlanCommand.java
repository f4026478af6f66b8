package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Tells what a run would make, and makes nothing. */
@Command(
    name = "plan",
    footer = {
      "",
      "Example:",
      "  submit/lsg plan --config conf/demo.conf",
      "",
      StageHelp.EXIT_CODES
    },
    mixinStandardHelpOptions = true,
    description = {
      "What a run, or an experiment, of a configuration would make: for each stage how many outputs",
      "are there, how many are to be made, what they compute, and how long it takes by what the",
      "newest output of the stage took in the same work directory. Checks all that a run checks",
      "first, and makes nothing."
    })
final class PlanCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Override
  public Integer call() {
    Loaded loaded = options.load();
    try (SparkLauncher spark = options.spark(loaded);
        PipelineRun run = new PipelineRun(loaded, options.workDir(), spark)) {
      new Preflight(loaded, run, spark, false).all().require();
      lines(loaded, run).forEach(System.out::println);
    }
    return 0;
  }

  /** The plan of a run, or of the grid if there is one, for people. */
  static List<String> lines(Loaded loaded, PipelineRun run) {
    return loaded
        .experiment()
        .map(
            grid ->
                RunPlan.of(
                    run, RunSpec.of(loaded, grid), Goal.of(run.stages(), Stages.EVALUATE), true))
        .orElseGet(() -> RunPlan.of(run, RunSpec.of(loaded), Goal.run(run.stages()), false))
        .lines();
  }
}
