package io.github.lsgspark.jobs;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.SettingsReference;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints what this machine offers, and what is wrong with it or with the configuration. */
@Command(
    name = "doctor",
    footer = {"", "Example:", "  submit/lsg doctor", "", StageHelp.EXIT_CODES},
    mixinStandardHelpOptions = true,
    description = {
      "What is wrong, first; then versions, device, native library, memory and CPU features. With a",
      "configuration, everything is checked that a run of it would be refused for, and its settings",
      "that are not the defaults are shown, with what a run would make (lsg plan). Exit 4 if the",
      "machine lacks something, else the code of what is wrong."
    })
final class DoctorCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration to examine. Default: the built-in settings.")
  private Path config;

  @Option(names = "-D", paramLabel = "key=value", description = "Sets one key.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(
      names = "--all",
      description = "Shows every setting in force, not only those that are not the defaults.")
  private boolean all;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Where outputs would go. Default: work/<name of the configuration>.")
  private String workDir;

  @Option(names = "--master", paramLabel = "URL", description = "Spark master.")
  private String master;

  @Option(names = "--conf", paramLabel = "spark.key=value", description = "Sets one key of Spark.")
  private Map<String, String> spark = new LinkedHashMap<>();

  @Override
  public Integer call() {
    Loaded loaded =
        config == null
            ? SettingsLoader.load("", overrides)
            : SettingsLoader.load(config, overrides);
    if (workDir == null) {
      workDir = config == null ? "work" : RunOptions.workDirOf(config.toString());
    }
    SparkLauncher launcher = new SparkLauncher(master, loaded.spark(), spark);
    EnvironmentCheck machine = new EnvironmentCheck();
    machine.run(loaded.settings(), workDir);
    List<String> plan = List.of();
    if (config != null && JavaVersion.problem(Runtime.version().feature()).isEmpty()) {
      plan = machine.examine(loaded, workDir, launcher);
    }
    machine.problems().forEach(problem -> System.out.println("WRONG: " + problem));
    if (machine.problems().isEmpty()) {
      System.out.println("Nothing is wrong.");
    }
    section("Versions", Versions.all());
    machine.sections().forEach(DoctorCommand::section);
    section("Spark", Map.of("master", launcher.master()));
    Map<String, String> settings = configuration(loaded.effective());
    int count = settings.size();
    if (!all) {
      settings
          .entrySet()
          .removeIf(
              entry ->
                  SettingsReference.defaultOf(entry.getKey())
                      .equals(Optional.of(entry.getValue())));
    }
    if (all) {
      section("Settings in force", settings);
    } else if (config != null || !settings.isEmpty()) {
      section("Settings that are not the defaults (--all shows all %d)".formatted(count), settings);
    }
    if (!plan.isEmpty()) {
      System.out.println();
      plan.forEach(System.out::println);
    }
    return machine.exitCode();
  }

  private static void section(String title, Map<String, String> facts) {
    System.out.println();
    System.out.println(title);
    facts.forEach((name, value) -> System.out.printf("  %-36s %s%n", name, value));
  }

  private static Map<String, String> configuration(Config effective) {
    Map<String, String> keys = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : effective.entrySet()) {
      keys.put(entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise()));
    }
    return keys;
  }
}
