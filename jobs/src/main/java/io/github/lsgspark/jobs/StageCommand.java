package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.UsageMessageSpec;

/** The command of one stage: makes it, and the stages that it takes the outputs of. */
@Command(mixinStandardHelpOptions = true)
class StageCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  private final Stage stage;

  StageCommand(Stage stage) {
    this.stage = stage;
  }

  static StageCommand of(Stage stage) {
    if (stage == Stages.SELECT) {
      return new SelectCommand();
    }
    if (stage == Stages.PREDICT) {
      return new PredictCommand();
    }
    return stage == Stages.EMBED ? new EmbedCommand() : new StageCommand(stage);
  }

  /** Its parser, with help that says what the stage takes, writes and reads. */
  CommandLine line() {
    CommandLine line = new CommandLine(this);
    UsageMessageSpec usage = line.getCommandSpec().usageMessage();
    usage.description(stage.help());
    usage.sectionMap().put(UsageMessageSpec.SECTION_KEY_FOOTER, unused -> StageHelp.text(stage));
    return line;
  }

  Stage stage() {
    return stage;
  }

  RunOptions options() {
    return options;
  }

  @Override
  public Integer call() {
    execute(options, Optional.of(stage));
    return 0;
  }

  /**
   * Checks and makes what is asked for, and tells what came of it.
   *
   * @param stage empty: all of a run
   */
  static void execute(RunOptions options, Optional<Stage> stage) {
    execute(options, stage, (spark, record) -> {});
  }

  /**
   * The same.
   *
   * @param then what is done with what was made, before it is told
   */
  static void execute(
      RunOptions options, Optional<Stage> stage, BiConsumer<SparkLauncher, RunRecord> then) {
    Loaded loaded = options.load();
    try (SparkLauncher spark = options.spark(loaded);
        PipelineRun run = new PipelineRun(loaded, options.workDir(), spark)) {
      Goal goal = new Goal(run.stages(), stage.flatMap(one -> run.stages().named(one.name())));
      run.check(goal);
      RunRecord record = run.execute(goal);
      then.accept(spark, record);
      System.out.print(record.summary());
      run.tell(record);
    }
  }
}
