package io.github.lsgspark.jobs;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.tower.TowerBackbones;
import io.github.lsgspark.tower.TowerDirectory;
import io.github.lsgspark.tower.TowerFamily;
import io.github.lsgspark.tower.TowerReport;
import io.github.lsgspark.tower.Towers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The networks that there are, and what a published directory holds. */
@Command(
    name = "models",
    mixinStandardHelpOptions = true,
    description = "Lists the networks that train.backbone can name, and looks into directories.")
final class ModelsCommand {
  private static final long[] CLIP = {3, 16, 112, 112};
  private static final long[] SOUND = {1, 64, 512};
  private static final long[] IMAGE = {3, 224, 224};

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists networks with their parameters (millions), the width of their features, and the",
        "layers that a head on frozen features takes."
      })
  int list() {
    System.out.printf("%-16s %-6s %8s %6s  %s%n", "backbone", "sees", "millions", "width", "what");
    for (BackboneKind kind : Backbones.kinds()) {
      if (!kind.isOfItsWeights() && !kind.label().equals(Backbones.TORCHSCRIPT)) {
        row(kind);
      }
    }
    System.out.printf(
        "%nDirectories with config.json and model.safetensors (train.backbone = %s,"
            + " train.weights = DIR):%n",
        TowerBackbones.AUTO);
    for (TowerFamily family : Towers.families()) {
      System.out.printf("%-16s image  %s%n", family.name(), family.help());
    }
    return 0;
  }

  private static void row(BackboneKind kind) {
    try (Backbone network = Backbones.of(kind.label(), "", input(kind.modality()))) {
      long parameters =
          network.parameterShapes().values().stream()
              .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
              .sum();
      System.out.printf(
          Locale.ROOT,
          "%-16s %-6s %8.1f %6d  %s; features: %s%n",
          kind.label(),
          kind.modality().name().toLowerCase(Locale.ROOT),
          parameters / 1e6,
          network.featureDimension(),
          kind.help(),
          String.join(
              ", ",
              network.featureLayers().stream()
                  .map(layer -> Backbones.alias(network, layer))
                  .toList()));
    }
  }

  private static long[] input(Modality modality) {
    return switch (modality) {
      case IMAGE -> IMAGE;
      case AUDIO -> SOUND;
      case VIDEO -> CLIP;
    };
  }

  @Command(
      name = "check",
      mixinStandardHelpOptions = true,
      description = {
        "Says what network a directory of transformers or timm holds, how images are prepared for",
        "it, and every tensor that is taken, left, missing, misshapen or unknown. Exit 3 if it is",
        "not whole."
      })
  int check(
      @Parameters(paramLabel = "DIR", description = "On any file system of Hadoop's.") String dir,
      @Option(names = "--conf", paramLabel = "spark.key=value", description = "One key of Spark.")
          Map<String, String> spark) {
    HadoopFiles files =
        new HadoopFiles(
            new SparkLauncher(null, spark == null ? new LinkedHashMap<>() : spark).hadoop());
    if (!TowerDirectory.isDirectory(files, dir)) {
      throw LsgException.input(dir + ": no such directory");
    }
    TowerReport report = TowerReport.of(TowerDirectory.open(files, dir));
    report.lines().forEach(System.out::println);
    return report.isWhole() ? 0 : LsgException.INPUT;
  }
}
