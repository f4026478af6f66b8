package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.ModelExport;
import io.github.lsgspark.evaluation.PredictStage;
import io.github.lsgspark.evaluation.PredictionFile;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Labels samples by a model that was exported, wherever its folder lies. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Labels samples by what lsg export wrote, on this machine and without the configuration that",
      "the model was made by. The folder's files must be what its SHA256SUMS says."
    })
final class ModelsPredictCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "On any file system of Hadoop's.")
  private String folder;

  @Option(
      names = "--input",
      required = true,
      paramLabel = "SAMPLES",
      description = "A folder, zip, list or Parquet table, or one file.")
  private String input;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "A .csv, .jsonl or .parquet; one that is there is replaced.")
  private String output;

  @Option(
      names = "--master",
      paramLabel = "URL",
      defaultValue = "local[*]",
      description = "local[N] (default: ${DEFAULT-VALUE}).")
  private String master;

  @Option(names = "-D", paramLabel = "key=value", description = "Sets one key; may be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Option(names = "--conf", paramLabel = "spark.key=value", description = "One key of Spark.")
  private Map<String, String> spark = new LinkedHashMap<>();

  @Override
  public Integer call() {
    if (!master.startsWith("local")) {
      throw LsgException.usage(
          "lsg models predict runs on this machine, but --master was: " + master);
    }
    if (output != null) {
      PredictionFile.Format.of(output);
    }
    HadoopFiles files = new HadoopFiles(new SparkLauncher(master, spark).hadoop());
    Map<String, String> all = new LinkedHashMap<>(ModelExport.settings(files, folder));
    all.putAll(overrides);
    all.put("predict.input", input);
    Loaded loaded = SettingsLoader.load("", all);
    Path scratch = scratch();
    try (SparkLauncher launcher = new SparkLauncher(master, loaded.spark(), spark)) {
      SparkSession session = launcher.session();
      Map<String, Object> metrics =
          PredictStage.byFolder(session, loaded.settings(), folder, scratch.toString());
      PredictCommand.tell(session, scratch.toString(), output, PredictCommand.MOST);
      System.out.printf(
          "%s labelled, %s set aside%n", metrics.get("samples"), metrics.get("rejected"));
    } finally {
      files.delete(scratch.toString());
    }
    return 0;
  }

  private static Path scratch() {
    try {
      return Files.createTempDirectory("lsg-predictions-");
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
