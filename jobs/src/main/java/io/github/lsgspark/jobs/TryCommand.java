package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** From samples to a table and a page: lsg init and lsg run in one. */
@Command(
    name = "try",
    footer = {"", "Example:", "  submit/lsg try photos", "", StageHelp.EXIT_CODES},
    mixinStandardHelpOptions = true,
    description = {
      "Looks at your samples as lsg init does, takes features of a pretrained network, fits a head",
      "and ends with its accuracy and a page. Needs no test part. The sentence encoder is fetched once.",
      "Goes on by the configuration that init or an earlier try has written for these samples."
    })
final class TryCommand implements Callable<Integer> {
  @Mixin private InitOptions options;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Where outputs go. Default: work/<name of the configuration>.")
  private String workDir = "";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark on this machine: local[N]. Default: local[*].")
  private String master;

  @Option(names = "--defaults", hidden = true)
  private List<String> defaults = new ArrayList<>();

  @Override
  public Integer call() {
    if (master != null && !master.startsWith("local")) {
      throw LsgException.usage(
          "lsg try runs on this machine, but --master was: "
              + master
              + "; lsg init writes a configuration, which lsg run takes to a cluster");
    }
    Path file = options.request().file();
    if (Files.exists(file)) {
      requireSame(file);
      System.out.printf("goes by %s, which is there already%n", file);
    } else {
      try (SparkLauncher spark = new SparkLauncher(master, Map.of())) {
        options.write(spark);
      }
    }
    StageCommand.execute(
        RunOptions.local(file.toString(), workDir, master, defaults), Optional.empty());
    System.out.printf(
        "%nagain, by what is changed in it: submit/lsg run --config %s%n",
        options.request().file());
    return 0;
  }

  /** A configuration of the same name may be one for other samples. */
  private void requireSame(Path file) {
    String train = SettingsLoader.load(file, Map.of()).settings().data().train();
    String source = options.request().source();
    if (!train.equals(source)
        && (train.contains(":")
            || source.contains(":")
            || !Path.of(train)
                .toAbsolutePath()
                .normalize()
                .equals(Path.of(source).toAbsolutePath().normalize()))) {
      throw LsgException.usage(
          file
              + " is there already, for other samples ("
              + train
              + "), and is not overwritten; --output names another file");
    }
    if (!options.request().given().isEmpty() || !options.request().backbone().isEmpty()) {
      throw LsgException.usage(
          file
              + " is there already and is not overwritten: -D and --backbone are for a new one,"
              + " which --output names; lsg run --config "
              + file
              + " -D key=value changes one run");
    }
  }
}
