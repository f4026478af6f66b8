package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.StageStore;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.SparkUserAppException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Mixin;

/**
 * The command line. Every command runs one stage and the stages that it needs; what is already
 * published under the same fingerprint is skipped.
 */
@Command(
    name = "lsg",
    mixinStandardHelpOptions = true,
    versionProvider = Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Trains image classifiers from few labels, guided by what the class names mean.",
      "Every command runs one stage and those it needs, and skips what is already done.",
      ""
    },
    subcommands = {
      InitCommand.class,
      TryCommand.class,
      DoctorCommand.class,
      GpuCheckCommand.class,
      GcCommand.class,
      PlanCommand.class,
      ServeCommand.class,
      ExportCommand.class,
      ModelsCommand.class,
      HelpCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:something unforeseen failed",
      "2:wrong usage or configuration",
      "3:bad input data",
      "4:the environment lacks something: device, native library, memory"
    })
public final class Lsg {

  /** Runs one command and ends the JVM with its exit code; Spark's threads would keep it alive. */
  public static void main(String[] arguments) throws SparkUserAppException {
    int code = execute(arguments);
    System.out.flush();
    System.err.flush();
    if (inApplicationMaster()) {
      // YARN's application master takes a JVM that ends by itself for one that broke down.
      if (code != 0) {
        throw endOf(code);
      }
      return;
    }
    System.exit(code);
  }

  /** Of its one constructor: Spark 4.2's has a cause besides, which need not be. */
  private static SparkUserAppException endOf(int code) {
    Constructor<?> constructor = SparkUserAppException.class.getConstructors()[0];
    Object[] arguments = new Object[constructor.getParameterCount()];
    arguments[0] = code;
    try {
      return (SparkUserAppException) constructor.newInstance(arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Spark's word for exit code " + code + ": " + e, e);
    }
  }

  private static boolean inApplicationMaster() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /** The parser of all commands. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Lsg());
    Stages.found()
        .commands()
        .forEach(stage -> line.addSubcommand(stage.name(), StageCommand.of(stage).line()));
    return line.setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((failure, command, parsed) -> Failures.report(failure));
  }

  /** Runs one command in this JVM and returns its exit code. */
  static int execute(String... arguments) {
    try {
      if (arguments.length > 0
          && !List.of("doctor", "help", "-h", "--help").contains(arguments[0])) {
        JavaVersion.require();
      }
      return commandLine().execute(arguments);
    } catch (LsgException | Error e) {
      // picocli hands on exceptions only; Spark's threads would keep a JVM alive that ends by an
      // error.
      return Failures.report(e);
    }
  }

  @Command(
      name = "run",
      footer = {
        "",
        "Example:",
        "  submit/lsg run --config conf/demo.conf",
        "",
        StageHelp.EXIT_CODES
      },
      mixinStandardHelpOptions = true,
      description = {
        "All stages, skipping what is done; ends with a table and a report page.",
        "With a compare block in the configuration: every method with every seed."
      })
  int run(@Mixin RunOptions options) {
    StageCommand.execute(options, Optional.empty());
    return 0;
  }

  @Command(
      name = "experiment",
      footer = {
        "",
        "Example:",
        "  submit/lsg experiment --config conf/gcn-emoji.conf",
        "",
        StageHelp.EXIT_CODES
      },
      mixinStandardHelpOptions = true,
      description = {
        "A grid of runs, by the experiment block: label budgets x methods x seeds.",
        "Skips what is done, so the same command goes on after an interruption; ends with a table,"
            + " learning curves and a Parquet file. Exit code 1 if a run failed: the others are"
            + " kept."
      })
  int experiment(@Mixin RunOptions options) {
    Loaded loaded = options.load();
    try (SparkLauncher spark = options.spark(loaded)) {
      ExperimentRecord record = new ExperimentRun(loaded, options.workDir(), spark).execute();
      System.out.print(record.summary());
      new Tracking(loaded, new StageStore(options.workDir(), spark.hadoop()))
          .tell(record.done(), Map.of("runs", record.done().size()), record.page());
      return record.failures().isEmpty() ? 0 : LsgException.FAILED;
    }
  }
}
