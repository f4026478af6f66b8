package io.github.lsgspark.jobs;

import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.evaluation.ModelExport;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.training.OnnxFile;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the model of a configuration as a folder that other programs open. */
@Command(
    name = "export",
    footer = {
      "",
      "Example:",
      "  submit/lsg export --config mine.conf --output my-model",
      "",
      StageHelp.EXIT_CODES
    },
    mixinStandardHelpOptions = true,
    description = {
      "Writes the model as a folder for other programs: model.onnx, which ONNX Runtime has been asked",
      "about samples of yours and answered as the model does, how samples are prepared for it, its",
      "classes, a card (README.md) and the SHA-256 of each file. Makes the model first if it is not",
      "there."
    })
final class ExportCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "A new or empty folder on any file system of Hadoop's.")
  private String output;

  @Option(
      names = "--licence",
      paramLabel = "NAME",
      defaultValue = "unknown",
      description = "Of the model, for its card, such as apache-2.0 (default: ${DEFAULT-VALUE}).")
  private String licence;

  @Override
  public Integer call() {
    if (!licence.matches("[A-Za-z][A-Za-z0-9.+-]*")) {
      throw LsgException.usage("--licence must be a name such as apache-2.0, but was: " + licence);
    }
    options.set("predict.input", "");
    Loaded loaded = options.load();
    try (SparkLauncher spark = options.spark(loaded);
        PipelineRun run = new PipelineRun(loaded, options.workDir(), spark)) {
      ModelExport.requireEmpty(new HadoopFiles(spark.hadoop()), output);
      if (loaded.settings().train().backbone().equals(Backbones.TORCHSCRIPT)) {
        throw LsgException.input(
            "train.backbone = torchscript: nothing is known of what such a module computes, so it"
                + " cannot be written as ONNX; model.torchscript.pt of the model's folder holds it");
      }
      run.check(Goal.of(run.stages(), Stages.EVALUATE));
      requireReached(spark);
      RunSpec main = RunSpec.main(RunSpec.of(loaded));
      RunStages made = run.evaluated(main);
      Settings settings = main.loaded().settings();
      ModelExport.Sources sources =
          new ModelExport.Sources(
              made.stage("prepare").path(),
              made.published(settings).orElseThrow().path(),
              made.stage("evaluate").path());
      ModelExport.Exported exported =
          ModelExport.run(spark.session(), settings, sources, licence, output);
      System.out.printf(
          Locale.ROOT,
          "%s: %s%nmodel.onnx answers as the model does: within %.1e on %d samples (%.0e is"
              + " allowed)%n",
          output,
          String.join(", ", exported.files()),
          exported.difference(),
          exported.samples(),
          OnnxFile.TOLERANCE);
    }
    return 0;
  }

  /** In cluster mode this machine is one of the cluster's, and its disk goes with the driver. */
  private void requireReached(SparkLauncher spark) {
    if (spark.master().startsWith("local")) {
      return;
    }
    String scheme = new HadoopFiles(spark.hadoop()).fileSystem(output).getScheme();
    if (scheme.equals("file") && spark.session().sparkContext().deployMode().equals("cluster")) {
      throw LsgException.usage(
          "--output "
              + output
              + " is on the disk of the cluster's driver: name a place that lasts");
    }
  }
}
