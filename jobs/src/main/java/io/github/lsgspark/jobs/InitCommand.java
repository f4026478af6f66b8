package io.github.lsgspark.jobs;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Looks at samples and writes a first configuration for them. */
@Command(
    name = "init",
    footer = {"", "Example:", "  submit/lsg init photos", "", StageHelp.EXIT_CODES},
    mixinStandardHelpOptions = true,
    description = {
      "Looks at your samples, says what is there, and writes a configuration that runs: a test",
      "part where there is none, a network, a head. Never overwrites a file."
    })
final class InitCommand implements Callable<Integer> {
  @Mixin private InitOptions options;

  @Override
  public Integer call() {
    try (SparkLauncher spark = new SparkLauncher(null, Map.of())) {
      options.write(spark);
    }
    System.out.printf("next:    submit/lsg run --config %s%n", options.request().file());
    return 0;
  }
}
