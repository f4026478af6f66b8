package io.github.lsgspark.jobs.init;

import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.dataset.SampleProbe;
import io.github.lsgspark.dataset.SourceSurvey;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.ClassNames;
import io.github.lsgspark.text.LabelSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** Looks at samples and writes a first configuration for them, which runs as it is. */
public final class Setup {
  /** Files beside the samples that may say what classes of numbers or codes are called. */
  private static final List<String> NAMES =
      List.of(
          "classes.tsv",
          "classes.csv",
          "synset_words.txt",
          "words.txt",
          "LOC_synset_mapping.txt",
          "class_names.txt",
          "names.txt");

  private final Request request;
  private final Supplier<SparkSession> spark;
  private final Configuration hadoop;

  /**
   * @param spark asked for a session where samples are in a table
   */
  public Setup(Request request, Supplier<SparkSession> spark, Configuration hadoop) {
    this.request = request;
    this.spark = spark;
    this.hadoop = hadoop;
  }

  /**
   * What is asked for.
   *
   * @param source folder, zip, list or table of samples
   * @param output configuration to write; empty: called like the source, in the current folder
   * @param backbone directory of a published network; empty: the one that comes with the program
   * @param given settings that go before what is proposed
   * @param root folder of the program; empty: not known
   */
  public record Request(
      String source, String output, String backbone, Map<String, String> given, String root) {

    /** The configuration to write. */
    public Path file() {
      if (!output.isEmpty()) {
        return Path.of(output);
      }
      String path = source.replaceAll("/+$", "");
      String whole = path.isEmpty() || path.matches("(.*/)?\\.{1,2}") ? real(source) : path;
      String name =
          whole
              .substring(whole.lastIndexOf('/') + 1)
              .replaceFirst("(?i)\\.(zip|csv|tsv|txt|jsonl?|parquet)$", "")
              .replaceAll("[^\\p{L}\\p{N}._-]+", "-")
              .replaceAll("^[.-]+|-+$", "");
      return Path.of((name.isEmpty() ? "samples" : name) + ".conf");
    }

    private static String real(String source) {
      return Path.of(source).toAbsolutePath().normalize().toString();
    }
  }

  /**
   * Looks, proposes, and writes.
   *
   * @return for people: what was found and what is proposed
   * @throws LsgException exit 2 if the configuration is there already, exit 3 if the samples cannot
   *     be used as they lie there, exit 4 if there is no network
   */
  public String write() {
    Path file = request.file();
    if (Files.exists(file)) {
      throw LsgException.usage(
          file
              + " is there already and is not overwritten; --output names another file, lsg run"
              + " --config "
              + file
              + " goes by this one");
    }
    requireOutside();
    Settings first = settings("", Map.of("data.train", request.source()));
    if (!first.data().isGeneric()) {
      throw LsgException.usage(
          "data.format = "
              + first.data().format()
              + ": lsg init is for samples of your own; conf/ has a configuration for that benchmark"
              + " (docs/data.md)");
    }
    Modality modality =
        request.given().containsKey("data.modality")
            ? first.data().modality()
            : SourceSurvey.modality(hadoop, first.data());
    Map<String, String> known = new LinkedHashMap<>();
    known.put("data.train", request.source());
    known.put("data.modality", modality.name().toLowerCase(Locale.ROOT));
    Settings settings = settings("", known);
    SourceSurvey survey = SourceSurvey.of(spark, hadoop, settings);
    if (survey.classes().isEmpty()) {
      throw LsgException.input(
          request.source()
              + ": no sample has a label, so nothing can be learnt yet; lsg select says which to"
              + " label first (docs/curation.md)");
    }
    double bad = bad(survey.probe(), modality, settings.prepare().maxBadFraction());
    NetworkChoice network =
        NetworkChoice.of(
            request.backbone(),
            request.root(),
            request.given(),
            modality,
            survey.probe().side(),
            new HadoopFiles(hadoop));
    Proposal proposal =
        new Proposal(
            request.source(),
            file,
            modality,
            survey,
            TestPart.of(survey, request.given()),
            network,
            namesFile(survey),
            bad,
            request.given());
    String text = ConfigurationText.of(proposal);
    SourceSurvey.Names names =
        SourceSurvey.require(spark, hadoop, settings(text, Map.of("data.train", request.source())));
    write(file, text);
    return SummaryText.of(proposal, names);
  }

  /** What is written in the current folder must not lie among the samples. */
  private void requireOutside() {
    Path here = Path.of("").toAbsolutePath();
    if (!request.source().contains(":")
        && here.startsWith(Path.of(request.source()).toAbsolutePath().normalize())) {
      throw LsgException.usage(
          request.source()
              + ": is the current folder, or one above it; outputs would lie among the samples:"
              + " change to a folder outside and name the samples from there");
    }
  }

  /** Settings of a text, with what was given and what is known over them. */
  private Settings settings(String text, Map<String, String> known) {
    Map<String, String> all = new LinkedHashMap<>(request.given());
    all.putAll(known);
    return SettingsLoader.load(text, all).settings();
  }

  /**
   * The share of samples that may be bad, so that a run takes the others.
   *
   * @return 0 where the usual one will do
   * @throws LsgException exit 3 if half of what was opened cannot be used
   */
  private double bad(SampleProbe probe, Modality modality, double usual) {
    if (2 * probe.unreadable().size() >= probe.looked()) {
      throw LsgException.input(
          "%s: %d of %d samples that were opened cannot be used: %s"
                  .formatted(
                      request.source(),
                      probe.unreadable().size(),
                      probe.looked(),
                      String.join("; ", probe.unreadable().stream().limit(3).toList()))
              + (request.given().containsKey("data.modality")
                  ? ""
                  : "; they were taken for %s: -D data.modality=... says what they are"
                      .formatted(modality.name().toLowerCase(Locale.ROOT))));
    }
    return probe.badShare() > usual / 2 ? 0.5 : 0;
  }

  /** A file that names classes which are numbers or codes; empty if there is none that does. */
  private String namesFile(SourceSurvey survey) {
    if (request.given().containsKey("labels.names") || request.source().contains(":")) {
      return "";
    }
    LabelSet labels = LabelSet.fromFolders(trained(survey), request.source());
    Path source = Path.of(request.source()).toAbsolutePath().normalize();
    if (ClassNames.warning(labels).isEmpty() || source.getParent() == null) {
      return "";
    }
    for (Path folder : List.of(source, source.getParent())) {
      for (String name : NAMES) {
        Path file = folder.resolve(name);
        if (Files.isRegularFile(file) && names(labels, file)) {
          return file.toString();
        }
      }
    }
    return "";
  }

  private static List<String> trained(SourceSurvey survey) {
    return survey.classes().entrySet().stream()
        .filter(of -> of.getValue().containsKey("train"))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean names(LabelSet labels, Path file) {
    try {
      return ClassNames.load(file.toString(), hadoop).of(labels).size() == labels.size();
    } catch (LsgException e) {
      return false; // Names of something else.
    }
  }

  private static void write(Path file, String text) {
    try {
      if (file.toAbsolutePath().getParent() != null) {
        Files.createDirectories(file.toAbsolutePath().getParent());
      }
      Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw LsgException.usage(file + " is there already and is not overwritten");
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }
}
