package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Lists the samples of a source: folder, zip, list file, Parquet table or drawn ones. Opens none of
 * them.
 */
final class SourceListing {
  private static final int START = 512;

  /** What a source is. */
  private enum Kind {
    DRAWN,
    TABLE,
    FOLDER,
    ZIP,
    /** A sample by itself. */
    SAMPLE,
    LIST
  }

  private final SparkSession spark;
  private final Configuration hadoop;
  private final DataSettings settings;

  SourceListing(SparkSession spark, DataSettings settings) {
    this(spark, spark.sparkContext().hadoopConfiguration(), settings);
  }

  /**
   * @param spark null where no table is to be listed
   */
  private SourceListing(SparkSession spark, Configuration hadoop, DataSettings settings) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.settings = settings;
  }

  /**
   * Looks through the folders and zips of this machine that the settings name, without Spark.
   *
   * @throws LsgException exit 3 if their folders can be read in two ways or hold no test split
   */
  static void requireFolders(DataSettings settings, Configuration hadoop) throws IOException {
    SourceListing listing = new SourceListing(null, hadoop, settings);
    for (String source : List.of(settings.train(), settings.test())) {
      if (source.isEmpty()) {
        continue;
      }
      Kind kind = listing.kind(source);
      if (kind != Kind.FOLDER && kind != Kind.ZIP) {
        return;
      }
      boolean local = new Path(source).getFileSystem(hadoop).getUri().getScheme().equals("file");
      if (!local) {
        return;
      }
    }
    listing.all();
  }

  /**
   * All entries of a source, ordered by id.
   *
   * @param split what entries are that lie in no split folder
   * @param classes of the training samples, where these are others; empty: not known
   */
  Listed list(String source, String split, Collection<String> classes) {
    Listed listed =
        guarded(
            source,
            () ->
                switch (kind(source)) {
                  case DRAWN -> Listed.of(new DrawnSource(settings).entries(source));
                  case TABLE ->
                      Listed.of(
                          new ParquetSource(spark, source, settings)
                              .list(split, SplitNames.known(), settings.root()));
                  case FOLDER -> folders().list(source, false, split, classes);
                  case ZIP -> folders().list(source, true, split, classes);
                  case SAMPLE ->
                      throw LsgException.input(
                          source
                              + ": is one sample; a folder, zip, list or table of samples is needed");
                  case LIST -> Listed.of(lists().read(source, split, SplitNames.known()));
                });
    return ordered(source, listed);
  }

  /** All files of a source whatever their folders, without labels, for predictions. */
  Listed listFlat(String source, String split) {
    Listed listed =
        guarded(
            source,
            () ->
                switch (kind(source)) {
                  case DRAWN, TABLE -> unlabelled(list(source, split, Set.of()), split);
                  case FOLDER -> folders().flat(source, false, split);
                  case ZIP -> folders().flat(source, true, split);
                  case SAMPLE -> Listed.of(single(source, split));
                  case LIST -> Listed.of(lists().readFlat(source, split));
                });
    return ordered(source, listed);
  }

  private SampleFolders folders() {
    return new SampleFolders(hadoop, settings);
  }

  private ListFile lists() {
    return new ListFile(hadoop, settings.root(), settings.columns());
  }

  private static Listed unlabelled(Listed listed, String split) {
    return new Listed(
        listed.entries().stream().map(entry -> entry.withSplit(split)).toList(), listed.leftOut());
  }

  private List<SourceEntry> single(String source, String split) throws IOException {
    Path path = new Path(source);
    Path whole = path.getFileSystem(hadoop).makeQualified(path);
    return List.of(SourceEntry.file(whole.getName(), "", split, whole.toString()));
  }

  private interface Look {
    Listed listed() throws IOException;
  }

  private static Listed guarded(String source, Look look) {
    try {
      return look.listed();
    } catch (FileNotFoundException e) {
      throw LsgException.input(source + ": no such file or folder", e);
    } catch (IOException e) {
      throw new UncheckedIOException(source + ": " + e.getMessage(), e);
    }
  }

  private static Listed ordered(String source, Listed listed) {
    if (listed.entries().isEmpty()) {
      throw LsgException.input(
          source
              + ": holds no samples: no files in class folders, no lines, no rows"
              + LeftOutReport.reasons(listed.leftOut()));
    }
    List<SourceEntry> entries = new ArrayList<>(listed.entries());
    // An id is shown in messages and tables; what rules a terminal is spelt out.
    entries.replaceAll(entry -> entry.withId(RelativePath.printable(entry.id())));
    entries.sort(Comparator.comparing(SourceEntry::id));
    return new Listed(entries, listed.leftOut());
  }

  /** What a source is: its first bytes tell a zip and a sample from a list. */
  private Kind kind(String source) throws IOException {
    if (source.startsWith(DrawnSource.SCHEME)) {
      return Kind.DRAWN;
    }
    Path path = new Path(source);
    FileSystem fileSystem = path.getFileSystem(hadoop);
    if (TableFiles.isTable(fileSystem, path)) {
      return Kind.TABLE;
    }
    if (fileSystem.getFileStatus(path).isDirectory()) {
      return Kind.FOLDER;
    }
    byte[] start;
    try (PlaceReader reader = new PlaceReader(hadoop);
        InputStream in = reader.open(source)) {
      start = in.readNBytes(START);
    }
    boolean zip = start.length > 3 && start[0] == 'P' && start[1] == 'K' && start[2] < 9;
    boolean named = source.toLowerCase(Locale.ROOT).endsWith(".zip");
    if (zip || named) {
      return Kind.ZIP;
    }
    return FileEndings.isOf(settings.modality(), path.getName()) || isBinary(start)
        ? Kind.SAMPLE
        : Kind.LIST;
  }

  /** Whether the bytes are no text; UTF-16 begins with a mark. */
  private static boolean isBinary(byte[] start) {
    boolean marked =
        start.length > 1 && (start[0] == -1 && start[1] == -2 || start[0] == -2 && start[1] == -1);
    if (marked) {
      return false;
    }
    for (byte value : start) {
      if (value == 0) {
        return true;
      }
    }
    return false;
  }

  private Listed folds() {
    if (!settings.test().isEmpty()) {
      throw LsgException.usage(
          "data.test must not be set with data.fold, which takes the test split from data.train, but"
              + " was: "
              + settings.test());
    }
    Listed listed = list(settings.train(), SampleTable.TRAIN, Set.of());
    return new Listed(
        new FileFolds(settings.foldPattern(), settings.fold()).split(listed.entries()),
        listed.leftOut());
  }

  /**
   * Training and test entries of the whole data set.
   *
   * @throws LsgException exit 3 if there is no test split, or a file in two splits
   */
  Listed all() {
    if (settings.train().isEmpty()) {
      throw LsgException.usage(
          "data.train is not set: name a folder, zip, list file or Parquet table");
    }
    if (settings.fold() > 0) {
      return folds();
    }
    Listed training = list(settings.train(), SampleTable.TRAIN, Set.of());
    List<SourceEntry> entries = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>(training.leftOut());
    for (SourceEntry entry : training.entries()) {
      own(entry, entries, leftOut);
    }
    if (!settings.test().isEmpty()) {
      addTest(entries, leftOut);
    }
    requireTest(entries, leftOut);
    new SplitOverlap(settings).require(entries);
    return new Listed(List.copyOf(entries), leftOut);
  }

  /** An entry of data.train, whose own test split data.test and data.test-split replace. */
  private void own(SourceEntry entry, List<SourceEntry> entries, List<LeftOut> leftOut) {
    boolean test = entry.split().equals(SampleTable.TEST);
    boolean validates = settings.testSplit() == DataSettings.TestSplit.VALIDATION;
    if (test && (validates || !settings.test().isEmpty())) {
      leftOut.add(
          new LeftOut(
              entry.id(),
              LeftOut.Reason.OTHER_SPLIT,
              validates ? "data.test-split = validation" : "data.test is set",
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
    Listed test = list(settings.test(), SampleTable.TEST, classes);
    boolean same = settings.test().equals(settings.train());
    boolean marked = test.entries().stream().anyMatch(e -> e.split().equals(SampleTable.TEST));
    for (SourceEntry entry : test.entries()) {
      if (!marked || entry.split().equals(SampleTable.TEST)) {
        entries.add(
            same
                ? entry.withSplit(SampleTable.TEST)
                : entry.withSplit(SampleTable.TEST).withId("test:" + entry.id()));
      } else if (!same) {
        leftOut.add(
            new LeftOut(
                "test:" + entry.id(),
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
                      new LeftOut(
                          "test:" + left.id(), left.reason(), left.detail(), left.sample())));
    }
  }

  private void requireTest(List<SourceEntry> entries, List<LeftOut> leftOut) {
    Map<String, Long> splits =
        entries.stream()
            .collect(
                Collectors.groupingBy(SourceEntry::split, TreeMap::new, Collectors.counting()));
    if (splits.containsKey(SampleTable.TEST) || settings.testFraction() > 0) {
      return;
    }
    String found =
        splits.entrySet().stream()
            .map(split -> split.getKey() + " (" + split.getValue() + " samples)")
            .collect(Collectors.joining(", "));
    String validation =
        splits.containsKey(SampleTable.VALIDATION)
            ? "data.test-split = validation tests on the validation split; "
            : "";
    throw LsgException.input(
        "no test samples: "
            + settings.train()
            + " holds "
            + found
            + " and no test split, and data.test is not set. "
            + validation
            + "data.test-fraction = 0.2 takes a fifth of each class's training samples; data.test names"
            + " another source"
            + LeftOutReport.reasons(leftOut));
  }
}
