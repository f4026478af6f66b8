package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of the stage that embeds labels, which can show one of them. */
@Command(mixinStandardHelpOptions = true)
final class EmbedCommand extends StageCommand {
  @Option(
      names = "--explain",
      paramLabel = "LABEL",
      description =
          "Then shows what the encoder sees of this label: tokens, those that make the"
              + " vector, nearest labels.")
  private String label;

  EmbedCommand() {
    super(Stages.EMBED);
  }

  @Override
  public Integer call() {
    if (label == null) {
      return super.call();
    }
    Loaded loaded = options().load();
    try (SparkLauncher spark = options().spark(loaded);
        PipelineRun run = new PipelineRun(loaded, options().workDir(), spark)) {
      run.check(Goal.of(run.stages(), Stages.EMBED));
      System.out.print(run.explain(label));
    }
    return 0;
  }
}
