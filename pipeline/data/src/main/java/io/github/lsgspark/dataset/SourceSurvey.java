package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.ClassNames;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * What a source holds, seen without preparing it: which samples of which classes and splits, what
 * lies beside them, and what some of them look like.
 *
 * @param kind what it is, for people: "a folder"
 * @param classes how many labelled samples each class has of each split
 * @param splits how many samples there are of each split, those without a label included
 * @param leftOut how many other files there are, by the reason
 * @param missed how many of these look like samples
 * @param missedExample one of these, with the reason; empty if there are none
 * @param probe what some of the samples are
 */
public record SourceSurvey(
    String kind,
    Map<String, Map<String, Long>> classes,
    Map<String, Long> splits,
    Map<String, Long> leftOut,
    long missed,
    String missedExample,
    SampleProbe probe) {

  /** What the classes of a source are called, and what is odd about that. */
  public record Names(List<String> classes, List<String> oddities) {}

  /**
   * What the samples of a source most likely are.
   *
   * @throws LsgException exit 3 if there is no such source
   */
  public static Modality modality(Configuration hadoop, DataSettings data) {
    return guarded(data.train(), () -> ModalityGuess.of(hadoop, data));
  }

  /**
   * Looks at the sources that settings name; neither a test split nor a second class is asked for.
   *
   * @param spark asked for a session where there is a table
   * @throws LsgException exit 3 with what is wrong: nothing there, nothing labelled, folders that
   *     can be read in two ways, a list or table that cannot be understood
   */
  public static SourceSurvey of(
      Supplier<SparkSession> spark, Configuration hadoop, Settings settings) {
    DataSettings data = settings.data();
    SparkSession session = session(spark, hadoop, data);
    Listed listed = SourceSplits.of(listing(session, hadoop, data), data, false);
    LeftOutReport.tell("init", data.train(), listed);
    Map<String, Map<String, Long>> classes = classes(listed.entries(), data.train());
    Map<String, Long> splits =
        listed.entries().stream()
            .collect(
                Collectors.groupingBy(SourceEntry::split, TreeMap::new, Collectors.counting()));
    String missed =
        listed.leftOut().stream()
            .filter(left -> left.sample())
            .findFirst()
            .map(left -> left.id() + " (" + left.reason() + ": " + left.detail() + ")")
            .orElse("");
    return new SourceSurvey(
        guarded(data.train(), () -> kind(hadoop, data)),
        classes,
        splits,
        LeftOutReport.counts(listed.leftOut()),
        listed.missed(),
        missed,
        SampleProbe.of(session, hadoop, settings, listed.entries()));
  }

  /** By the names that training samples have for them. */
  private static Map<String, Map<String, Long>> classes(List<SourceEntry> entries, String source) {
    Set<String> trained = new TreeSet<>();
    for (SourceEntry entry : entries) {
      if (entry.split().equals(SampleTable.TRAIN)) {
        trained.add(entry.label());
      }
    }
    LabelSet training = trained.isEmpty() ? LabelSet.NONE : LabelSet.fromFolders(trained, source);
    Map<String, String> called = new HashMap<>();
    Map<String, Map<String, Long>> classes = new TreeMap<>();
    for (SourceEntry entry : entries) {
      if (!entry.label().isEmpty()) {
        String name =
            called.computeIfAbsent(
                entry.label(), label -> training.find(label).map(Label::name).orElse(label));
        classes.computeIfAbsent(name, label -> new TreeMap<>()).merge(entry.split(), 1L, Long::sum);
      }
    }
    return classes;
  }

  /**
   * Holds what {@code prepare} will ask for against the sources: a test split, two classes, names
   * that differ.
   *
   * @throws LsgException as prepare does
   */
  public static Names require(
      Supplier<SparkSession> spark, Configuration hadoop, Settings settings) {
    DataSettings data = settings.data();
    SparkSession session = session(spark, hadoop, data);
    Listed listed = SourceSplits.of(listing(session, hadoop, data), data, true);
    LabelSet labels =
        SampleClasses.checked(
            session,
            settings,
            new SampleListing(listed.entries(), List.of(), listed.leftOut()),
            hadoop);
    Optional<String> codes = ClassNames.warning(labels);
    Optional<String> alike =
        SampleClasses.alikeButForCase(labels)
            .map(names -> "classes that differ only in capital letters: " + names);
    return new Names(
        labels.labels().stream().map(label -> label.name()).toList(),
        List.of(codes, alike).stream().flatMap(Optional::stream).toList());
  }

  private static SparkSession session(
      Supplier<SparkSession> spark, Configuration hadoop, DataSettings data) {
    boolean tables =
        List.of(data.train(), data.test()).stream()
            .filter(source -> !source.isEmpty())
            .anyMatch(
                source ->
                    guarded(source, () -> SourceKind.of(hadoop, data.modality(), source))
                        == SourceKind.TABLE);
    return tables ? spark.get() : null;
  }

  private static SourceListing listing(
      SparkSession session, Configuration hadoop, DataSettings data) {
    return session == null
        ? new SourceListing(null, hadoop, data)
        : new SourceListing(session, data);
  }

  private static String kind(Configuration hadoop, DataSettings data) throws IOException {
    return switch (SourceKind.of(hadoop, data.modality(), data.train())) {
      case DRAWN -> "drawn by the program";
      case TABLE -> "a Parquet table";
      case FOLDER -> "a folder";
      case ZIP -> "a zip file";
      case SAMPLE -> "one sample";
      case LIST -> "a list";
    };
  }

  private interface Look<T> {
    T look() throws IOException;
  }

  private static <T> T guarded(String source, Look<T> look) {
    try {
      return look.look();
    } catch (FileNotFoundException e) {
      throw LsgException.input(source + ": no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }
}
