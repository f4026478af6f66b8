package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.text.ClassNames;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.text.LabelWords;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which classes a data set has. */
final class SampleClasses {
  private static final Logger LOG = LoggerFactory.getLogger(SampleClasses.class);
  private static final int EXAMPLES = 5;

  private SampleClasses() {}

  /**
   * The classes of a data set, under their names.
   *
   * @throws LsgException exit 3 if there are fewer than two, or no sample has a label
   */
  static LabelSet of(SparkSession spark, Settings settings, SampleListing listing) {
    LabelSet labels = checked(spark, settings, listing, spark.sparkContext().hadoopConfiguration());
    if (settings.labels().file().isEmpty() && settings.labels().names().isEmpty()) {
      LabelWords.shown(labels).ifPresent(words -> LOG.info("prepare: {}", words));
    }
    ClassNames.warning(labels).ifPresent(warning -> LOG.warn("prepare: {}", warning));
    warnOfOne(listing);
    alikeButForCase(labels)
        .ifPresent(names -> LOG.warn("prepare: classes differ only in case: {}", names));
    return labels;
  }

  /**
   * The same without a word in the log.
   *
   * @param spark null where no table is among the sources
   */
  static LabelSet checked(
      SparkSession spark, Settings settings, SampleListing listing, Configuration hadoop) {
    LabelSet labels = ClassCalls.of(spark, hadoop, settings, found(settings, listing, hadoop));
    require(settings, labels);
    if (settings.labels().file().isEmpty()) {
      requireShared(settings, listing, labels);
    }
    return labels;
  }

  /** What other splits call as the training samples call it, but for case, is no other class. */
  private static void addOthers(TreeSet<String> folders, TreeSet<String> others, String source) {
    if (folders.isEmpty()) {
      folders.addAll(others);
      return;
    }
    LabelSet training = LabelSet.fromFolders(folders, source);
    others.removeIf(name -> training.find(name).isPresent());
    folders.addAll(others);
  }

  private static void require(Settings settings, LabelSet labels) {
    if (labels.size() == 0) {
      return; // Nothing is labelled, and the classes may not be known yet.
    }
    if (labels.size() < 2) {
      throw LsgException.input(
          settings.data().train()
              + ": holds one class, "
              + labels.label(0).name()
              + "; at least two are needed (folders of classes, or a labels.file)");
    }
  }

  private static void warnOfOne(SampleListing listing) {
    List<String> used =
        listing.entries().stream()
            .filter(entry -> entry.split().equals(SampleTable.TRAIN))
            .map(SourceEntry::label)
            .distinct()
            .limit(2)
            .toList();
    if (used.size() == 1) {
      LOG.warn("prepare: all training samples are of one class, {}", used.get(0));
    }
  }

  /** Names that differ in capital letters only; empty if there are none. */
  static Optional<List<String>> alikeButForCase(LabelSet labels) {
    Map<String, List<String>> alike =
        labels.labels().stream()
            .collect(
                Collectors.groupingBy(
                    label -> Label.foldedTextOf(label.name()),
                    TreeMap::new,
                    Collectors.mapping(Label::name, Collectors.toList())));
    return alike.values().stream().filter(names -> names.size() > 1).findFirst();
  }

  /**
   * Samples of classes that were not trained are of use only beside others.
   *
   * @throws LsgException exit 3 if no test sample is of a class of the training samples
   */
  private static void requireShared(Settings settings, SampleListing listing, LabelSet labels) {
    Set<Integer> trained = ids(listing, labels, SampleTable.TRAIN);
    Set<Integer> tested = ids(listing, labels, SampleTable.TEST);
    if (!tested.isEmpty() && !trained.isEmpty() && Collections.disjoint(tested, trained)) {
      throw LsgException.input(
          settings.data().train()
              + ": no test sample is of a class of the training samples: these are "
              + shown(trained, labels)
              + ", those of the test split "
              + shown(tested, labels)
              + " (folders called otherwise, or a test split without labels; a labels.file names"
              + " classes that are to have no training sample)");
    }
  }

  private static Set<Integer> ids(SampleListing listing, LabelSet labels, String split) {
    return listing.entries().stream()
        .filter(entry -> entry.split().equals(split) && !entry.label().isEmpty())
        .flatMap(entry -> labels.find(entry.label()).stream())
        .map(Label::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String shown(Set<Integer> ids, LabelSet labels) {
    String names =
        ids.stream()
            .limit(EXAMPLES)
            .map(id -> labels.label(id).name())
            .collect(Collectors.joining(", "));
    return names + (ids.size() > EXAMPLES ? ", ..." : "");
  }

  /** The classes as labels.file, the benchmark or the samples call them. */
  private static LabelSet found(Settings settings, SampleListing listing, Configuration hadoop) {
    if (!settings.labels().file().isEmpty()) {
      return LabelSet.load(settings.labels().file(), hadoop);
    }
    if (!listing.classes().isEmpty()) {
      return LabelSet.of(listing.classes());
    }
    TreeSet<String> folders = new TreeSet<>();
    TreeSet<String> others = new TreeSet<>();
    listing.entries().stream()
        .filter(entry -> !entry.label().isEmpty())
        .forEach(
            entry ->
                (entry.split().equals(SampleTable.TRAIN) ? folders : others).add(entry.label()));
    addOthers(folders, others, settings.data().train());
    if (settings.data().layout() == DataSettings.Layout.UNLABELLED) {
      return LabelSet.NONE;
    }
    if (folders.isEmpty()) {
      throw LsgException.input(
          settings.data().train()
              + ": no sample has a label (the column of a table or list is named by"
              + " data.columns.label)");
    }
    return LabelSet.fromFolders(folders, settings.data().train());
  }
}
