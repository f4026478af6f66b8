package io.github.lsgspark.jobs;

import io.github.lsgspark.backbone.Backbone;
import io.github.lsgspark.backbone.BackboneKind;
import io.github.lsgspark.backbone.Backbones;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.models.MavenModel;
import io.github.lsgspark.embedding.models.ModelCache;
import io.github.lsgspark.embedding.models.ModelFetch;
import io.github.lsgspark.embedding.models.NamedEncoder;
import io.github.lsgspark.evaluation.ModelExport;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.tower.TowerBackbones;
import io.github.lsgspark.tower.TowerDirectory;
import io.github.lsgspark.tower.TowerExample;
import io.github.lsgspark.tower.TowerFamily;
import io.github.lsgspark.tower.TowerReport;
import io.github.lsgspark.tower.Towers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The encoders and networks that there are, and what a published directory holds. */
@Command(
    name = "models",
    subcommands = ModelsPredictCommand.class,
    footer = {
      "",
      "Example:",
      "  submit/lsg models check models/dinov2-small",
      "",
      StageHelp.EXIT_CODES
    },
    mixinStandardHelpOptions = true,
    description = {
      "Lists the encoders and networks that a configuration can name, fetches encoders, and looks",
      "into directories."
    })
final class ModelsCommand {
  private static final String NAME = "NAME";
  private static final String NAMES =
      "One of models list, or maven:group:artifact:version. Default: ${DEFAULT-VALUE}.";
  private static final String ROW = "%-18s %-8s %-5s %8s %8s %6s  %s%n";
  private static final long[] CLIP = {3, 16, 112, 112};
  private static final long[] SOUND = {1, 64, 512};
  private static final long[] IMAGE = {3, 224, 224};

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = {
        "Lists sentence encoders, networks and families of directories: parameters (millions), the",
        "size of what they see, the width of vectors or features, and the layers that a head on",
        "frozen features takes; of a family, those of one well-known network."
      })
  int list() {
    System.out.printf(ROW, "name", "kind", "sees", "millions", "size", "width", "what");
    for (NamedEncoder encoder : NamedEncoder.all()) {
      System.out.printf(
          ROW, encoder.name(), "encoder", "text", "", "", encoder.dimension(), of(encoder));
    }
    for (BackboneKind kind : Backbones.kinds()) {
      if (!kind.isOfItsWeights() && !kind.label().equals(Backbones.TORCHSCRIPT)) {
        row(kind);
      }
    }
    for (TowerFamily family : Towers.families()) {
      row(family);
    }
    System.out.printf(
        "%nSizes: pixels of a side (of frames, after their number), or bands and frames of sounds.%nAn encoder is a value of embedding.model (lsg models get NAME), a backbone one of"
            + " train.backbone;%na family is that of a directory with config.json and"
            + " model.safetensors (train.backbone = %s,%ntrain.weights = DIR).%n",
        TowerBackbones.AUTO);
    return 0;
  }

  private static String of(NamedEncoder encoder) {
    return String.format(
        Locale.ROOT,
        "%s; %d MB, %s%s",
        encoder.help(),
        encoder.megabytes(),
        encoder.licence(),
        ModelCache.here().holds(MavenModel.of(encoder.name()).orElseThrow()) ? "; here" : "");
  }

  private static void row(BackboneKind kind) {
    try (Backbone network = Backbones.of(kind.label(), "", input(kind.modality()))) {
      row(kind.label(), "backbone", kind.modality(), network, "any", kind.help());
    }
  }

  private static void row(TowerFamily family) {
    if (family.example().isEmpty()) {
      String sees = sees(family.modality());
      System.out.printf(ROW, family.name(), "family", sees, "", "", "", family.help());
      return;
    }
    TowerExample example = family.example().orElseThrow();
    try (Backbone network = example.network()) {
      String help = family.help() + "; " + example.model();
      row(family.name(), "family", family.modality(), network, example.size(), help);
    }
  }

  private static void row(
      String name, String kind, Modality modality, Backbone network, String size, String help) {
    long parameters =
        network.parameterShapes().values().stream()
            .mapToLong(shape -> Arrays.stream(shape).reduce(1, (a, b) -> a * b))
            .sum();
    String layers =
        network.featureLayers().stream()
            .map(layer -> Backbones.alias(network, layer))
            .collect(Collectors.joining(", "));
    System.out.printf(
        ROW,
        name,
        kind,
        sees(modality),
        String.format(Locale.ROOT, "%.1f", parameters / 1e6),
        size,
        network.featureDimension(),
        help + "; features: " + layers);
  }

  private static String sees(Modality modality) {
    return modality.name().toLowerCase(Locale.ROOT);
  }

  private static long[] input(Modality modality) {
    return switch (modality) {
      case IMAGE -> IMAGE;
      case AUDIO -> SOUND;
      case VIDEO -> CLIP;
    };
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = {
        "Fetches an encoder by the launcher's Maven into the model cache (LSG_MODELS), if it is not",
        "there, and prints its folder. With --offline, only Maven's local repository is asked."
      })
  int get(
      @Parameters(paramLabel = NAME, description = NAMES, defaultValue = NamedEncoder.DEFAULT)
          String name,
      @Option(names = "--again", description = "Also if it is there: puts a damaged one right.")
          boolean again) {
    ModelCache cache = ModelCache.here();
    MavenModel model = named(name);
    System.out.println(again ? new ModelFetch(cache).bring(model) : cache.require(model));
    return 0;
  }

  @Command(
      name = "where",
      mixinStandardHelpOptions = true,
      description =
          "Prints the folder of an encoder in the model cache; exit 4 if it is not there.")
  int where(
      @Parameters(paramLabel = NAME, description = NAMES, defaultValue = NamedEncoder.DEFAULT)
          String name) {
    ModelCache cache = ModelCache.here();
    MavenModel model = named(name);
    System.out.println(cache.folder(model));
    if (!cache.holds(model)) {
      System.err.println("lsg: not there yet: lsg models get " + model.name());
      return LsgException.ENVIRONMENT;
    }
    return 0;
  }

  @Command(
      name = "verify",
      mixinStandardHelpOptions = true,
      description = {
        "Holds the files of an encoder in the model cache against their SHA-256; exit 3 if one",
        "differs or is missing."
      })
  int verify(
      @Parameters(paramLabel = NAME, description = NAMES, defaultValue = NamedEncoder.DEFAULT)
          String name) {
    ModelCache cache = ModelCache.here();
    MavenModel model = named(name);
    int files = cache.verify(model);
    System.out.println(cache.folder(model) + ": " + files + " files are as they must be");
    return 0;
  }

  private static MavenModel named(String name) {
    return MavenModel.of(name).orElseThrow(() -> LsgException.usage(NamedEncoder.unknown(name)));
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
    HadoopFiles files = files(spark);
    if (!TowerDirectory.isDirectory(files, dir)) {
      throw LsgException.input(dir + ": no such directory");
    }
    TowerReport report = TowerReport.of(TowerDirectory.open(files, dir));
    report.lines().forEach(System.out::println);
    return report.isWhole() ? 0 : LsgException.INPUT;
  }

  @Command(
      name = "push",
      mixinStandardHelpOptions = true,
      description = {
        "Copies what lsg export wrote to another place, once its files are what SHA256SUMS says, and",
        "reads them again there. Exit 3 if one differs."
      })
  int push(
      @Parameters(paramLabel = "DIR", description = "What lsg export wrote.") String from,
      @Parameters(
              paramLabel = "TARGET",
              description = "A new or empty folder on any file system of Hadoop's.")
          String to,
      @Option(names = "--conf", paramLabel = "spark.key=value", description = "One key of Spark.")
          Map<String, String> spark) {
    int files = ModelExport.push(files(spark), from, to);
    System.out.println(to + ": " + files + " files, each as SHA256SUMS says");
    return 0;
  }

  private static HadoopFiles files(Map<String, String> spark) {
    return new HadoopFiles(
        new SparkLauncher(null, spark == null ? new LinkedHashMap<>() : spark).hadoop());
  }
}
