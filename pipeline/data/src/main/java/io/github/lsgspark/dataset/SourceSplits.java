package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** The splits of a whole data set, from data.train and data.test. */
final class SourceSplits {
  /** Before the ids of samples of data.test. */
  private static final String TEST = "test:";

  private final SourceListing listing;
  private final DataSettings settings;

  /** Whether it is an error if there is no test split. */
  private final boolean tested;

  private SourceSplits(SourceListing listing, DataSettings settings, boolean tested) {
    this.listing = listing;
    this.settings = settings;
    this.tested = tested;
  }

  /**
   * Lists what the settings name.
   *
   * @param tested whether there must be a test split
   * @throws LsgException exit 3 if there is none, or a file in two splits
   */
  static Listed of(SparkSession spark, DataSettings settings, boolean tested) {
    return of(new SourceListing(spark, settings), settings, tested);
  }

  /** The same by a listing, which may do without Spark. */
  static Listed of(SourceListing listing, DataSettings settings, boolean tested) {
    return new SourceSplits(listing, settings, tested).all();
  }

  /**
   * Looks through the folders and zips of this machine that the settings name, without Spark.
   *
   * @throws LsgException exit 3 if their folders can be read in two ways or hold no test split
   */
  static void requireFolders(DataSettings settings, Configuration hadoop) throws IOException {
    for (String source : List.of(settings.train(), settings.test())) {
      if (!source.isEmpty() && !isLocalTree(settings, hadoop, source)) {
        return;
      }
    }
    new SourceSplits(new SourceListing(null, hadoop, settings), settings, true).all();
  }

  private static boolean isLocalTree(DataSettings settings, Configuration hadoop, String source)
      throws IOException {
    SourceKind kind = SourceKind.of(hadoop, settings.modality(), source);
    return (kind == SourceKind.FOLDER || kind == SourceKind.ZIP)
        && new Path(source).getFileSystem(hadoop).getUri().getScheme().equals("file");
  }

  /**
   * Samples to be looked at or labelled, and nothing to train or test with. What a list or table
   * says of labels and splits is not looked at.
   */
  private Listed unlabelled() {
    if (!settings.test().isEmpty()) {
      throw LsgException.usage(
          "data.test must not be set with data.layout = unlabelled, which has no test split, but was: "
              + settings.test());
    }
    Listed flat = listing.listFlat(settings.train(), SampleTable.UNLABELLED);
    return new Listed(
        flat.entries().stream()
            .map(entry -> entry.withLabel("").withSplit(SampleTable.UNLABELLED))
            .toList(),
        flat.leftOut());
  }

  private Listed folds() {
    if (!settings.test().isEmpty()) {
      throw LsgException.usage(
          "data.test must not be set with data.fold, which takes the test split from data.train, but"
              + " was: "
              + settings.test());
    }
    if (!settings.columns().fold().isEmpty()) {
      return byColumn();
    }
    Listed listed = listing.list(settings.train(), SampleTable.TRAIN, Set.of());
    return new Listed(
        new FileFolds(settings.foldPattern(), settings.fold()).split(listed.entries()),
        listed.leftOut());
  }

  /** Folds that a column tells. */
  private Listed byColumn() {
    String key = "data.columns.fold = " + settings.columns().fold();
    Listed listed = listing.list(settings.train(), "", Set.of());
    for (SourceEntry entry : listed.entries()) {
      if (entry.split().isEmpty()) {
        throw LsgException.input(
            entry.id()
                + ": "
                + key
                + " says nothing of it; the column is for lists and tables, and each sample needs"
                + " a fold");
      }
    }
    if (listed.entries().stream().noneMatch(entry -> entry.split().equals(SampleTable.TEST))) {
      throw LsgException.input(
          "data.fold = " + settings.fold() + ": by " + key + " no sample is of it");
    }
    return listed;
  }

  /**
   * Training and test entries of the whole data set.
   *
   * @throws LsgException exit 3 if there is no test split, or a file in two splits
   */
  private Listed all() {
    if (settings.train().isEmpty()) {
      throw LsgException.usage(
          "data.train is not set: name a folder, zip, list file or Parquet table");
    }
    if (settings.layout() == DataSettings.Layout.UNLABELLED) {
      return unlabelled();
    }
    if (settings.fold() > 0) {
      return folds();
    }
    Listed training = listing.list(settings.train(), SampleTable.TRAIN, Set.of());
    List<SourceEntry> entries = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>(training.leftOut());
    for (SourceEntry entry : training.entries()) {
      own(entry, entries, leftOut);
    }
    if (!settings.test().isEmpty()) {
      addTest(entries, leftOut);
    }
    requireTraining(entries, leftOut);
    requireTest(entries, leftOut);
    removeListed(entries, leftOut);
    new SplitOverlap(settings).require(entries);
    return new Listed(List.copyOf(entries), leftOut);
  }

  /** An entry of data.train, whose own test split data.test and data.test-split replace. */
  private void own(SourceEntry entry, List<SourceEntry> entries, List<LeftOut> leftOut) {
    boolean test = entry.split().equals(SampleTable.TEST);
    boolean validates = settings.testSplit() == DataSettings.TestSplit.VALIDATION;
    boolean replaced = settings.testSplit() != DataSettings.TestSplit.TEST;
    if (test && (replaced || !settings.test().isEmpty())) {
      leftOut.add(
          new LeftOut(
              entry.id(),
              LeftOut.Reason.OTHER_SPLIT,
              replaced
                  ? "data.test-split = " + settings.testSplit().name().toLowerCase(Locale.ROOT)
                  : "data.test is set",
              false));
    } else {
      entries.add(
          validates && entry.split().equals(SampleTable.VALIDATION)
              ? entry.withSplit(SampleTable.TEST)
              : entry);
    }
  }

  private void addTest(List<SourceEntry> entries, List<LeftOut> leftOut) {
    Set<String> classes =
        entries.stream().map(SourceEntry::label).collect(Collectors.toCollection(TreeSet::new));
    Listed test = listing.list(settings.test(), SampleTable.TEST, classes);
    boolean same = settings.test().equals(settings.train());
    boolean marked = test.entries().stream().anyMatch(e -> e.split().equals(SampleTable.TEST));
    for (SourceEntry entry : test.entries()) {
      if (!marked || entry.split().equals(SampleTable.TEST)) {
        entries.add(
            same
                ? entry.withSplit(SampleTable.TEST)
                : entry.withSplit(SampleTable.TEST).withId(TEST + entry.id()));
      } else if (!same) {
        leftOut.add(
            new LeftOut(
                TEST + entry.id(),
                LeftOut.Reason.OTHER_SPLIT,
                "data.test has a test split",
                false));
      }
    }
    if (same) {
      // Listed twice, left out once: what became the test split is not left out.
      leftOut.removeIf(left -> left.reason() == LeftOut.Reason.OTHER_SPLIT);
    } else {
      test.leftOut()
          .forEach(
              left ->
                  leftOut.add(
                      new LeftOut(TEST + left.id(), left.reason(), left.detail(), left.sample())));
    }
  }

  /** What one list leaves out the other may name, and both leave out the same. */
  private static void removeListed(List<SourceEntry> entries, List<LeftOut> leftOut) {
    Set<String> told = new HashSet<>();
    entries.forEach(entry -> told.add(plain(entry.id())));
    leftOut.removeIf(
        left -> left.reason() == LeftOut.Reason.NOT_IN_LIST && !told.add(plain(left.id())));
  }

  private static String plain(String id) {
    return id.startsWith(TEST) ? id.substring(TEST.length()) : id;
  }

  private static boolean has(List<SourceEntry> entries, String split) {
    return entries.stream().anyMatch(entry -> entry.split().equals(split));
  }

  private void requireTraining(List<SourceEntry> entries, List<LeftOut> leftOut) {
    if (!has(entries, SampleTable.TRAIN)) {
      throw LsgException.input(
          "no training samples with a label: "
              + settings.train()
              + " holds "
              + counts(entries)
              + LeftOutReport.reasons(leftOut));
    }
  }

  private static String counts(List<SourceEntry> entries) {
    Map<String, Long> splits =
        entries.stream()
            .collect(
                Collectors.groupingBy(SourceEntry::split, TreeMap::new, Collectors.counting()));
    return splits.entrySet().stream()
        .map(split -> split.getKey() + " (" + split.getValue() + " samples)")
        .collect(Collectors.joining(", "));
  }

  private void requireTest(List<SourceEntry> entries, List<LeftOut> leftOut) {
    if (!tested
        || settings.testFraction() > 0
        || settings.testSplit() == DataSettings.TestSplit.NONE
        || has(entries, SampleTable.TEST)) {
      return;
    }
    String validation =
        has(entries, SampleTable.VALIDATION)
            ? "data.test-split = validation tests on the validation split; "
            : "";
    throw LsgException.input(
        "no test samples: "
            + settings.train()
            + " holds "
            + counts(entries)
            + " and no test split, and data.test is not set. "
            + validation
            + "data.test-fraction = 0.2 takes a fifth of each class's training samples; data.test-split ="
            + " none judges each sample by a head fitted to all others; data.test names another source"
            + LeftOutReport.reasons(leftOut));
  }
}
