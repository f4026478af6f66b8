package io.github.lsgspark.jobs;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command of the stage that selects samples, which can be told how many. */
@Command(mixinStandardHelpOptions = true)
final class SelectCommand extends StageCommand {
  @Option(
      names = "--count",
      paramLabel = "N",
      description = "How many: the same as -D select.count=N.")
  private Integer count;

  SelectCommand() {
    super(Stages.SELECT);
  }

  @Override
  public Integer call() {
    if (count != null) {
      options().set("select.count", count.toString());
    }
    return super.call();
  }
}
