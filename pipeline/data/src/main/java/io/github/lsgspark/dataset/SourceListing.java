package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.dataset.modality.FileFormat;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Lists the samples of a source: folder, zip, list file, Parquet table or drawn ones. Opens none of
 * them.
 */
final class SourceListing {
  private final SparkSession spark;
  private final Configuration hadoop;
  private final DataSettings settings;

  SourceListing(SparkSession spark, DataSettings settings) {
    this(spark, spark.sparkContext().hadoopConfiguration(), settings);
  }

  /**
   * @param spark null where no table is to be listed
   */
  SourceListing(SparkSession spark, Configuration hadoop, DataSettings settings) {
    this.spark = spark;
    this.hadoop = hadoop;
    this.settings = settings;
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
                switch (SourceKind.of(hadoop, settings.modality(), source)) {
                  case DRAWN -> Listed.of(new SyntheticSource(settings).entries(source));
                  case TABLE -> table(source, split);
                  case FOLDER -> folders().list(source, false, split, classes);
                  case ZIP -> folders().list(source, true, split, classes);
                  case SAMPLE -> throw noSource(source);
                  case LIST -> list(source, split);
                });
    return ordered(source, listed);
  }

  /** All files of a source whatever their folders, without labels, for predictions. */
  Listed listFlat(String source, String split) {
    Listed listed =
        guarded(
            source,
            () ->
                switch (SourceKind.of(hadoop, settings.modality(), source)) {
                  case DRAWN, TABLE -> unlabelled(list(source, split, Set.of()), split);
                  case FOLDER -> folders().flat(source, false, split);
                  case ZIP -> folders().flat(source, true, split);
                  case SAMPLE -> Listed.of(single(source, split));
                  case LIST -> Listed.of(lists().readFlat(source, split));
                });
    return ordered(source, listed);
  }

  private LsgException noSource(String source) throws IOException {
    Optional<String> other = FileFormat.other(SourceKind.start(hadoop, source));
    return LsgException.input(
        source
            + ": is "
            + other.orElse("one sample")
            + "; a folder, zip, list or table of samples is needed"
            + (other.isPresent() ? ": unpack or convert it" : ""));
  }

  private SampleFolders folders() {
    return new SampleFolders(hadoop, settings, spark != null);
  }

  private Listed table(String source, String split) {
    ParquetSource table = new ParquetSource(spark, source, settings, columns());
    List<SourceEntry> entries = table.list(split, splits(), settings.root());
    return new Listed(entries, table.beside(entries));
  }

  private Listed list(String source, String split) {
    ListFile list = lists();
    List<SourceEntry> entries = list.read(source, split, splits());
    list.requireSome(source, entries);
    return new Listed(entries, list.unnamed());
  }

  /** What a column of splits may say. */
  private Map<String, String> splits() {
    return isOfFolds() ? SplitNames.folds(settings.fold()) : SplitNames.known();
  }

  private boolean isOfFolds() {
    return settings.fold() > 0 && !settings.columns().fold().isEmpty();
  }

  private ColumnSettings columns() {
    return isOfFolds() ? settings.columns().withFolds() : settings.columns();
  }

  private ListFile lists() {
    return new ListFile(hadoop, settings.root(), columns(), settings.modality());
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
    Set<String> ids = new HashSet<>();
    entries.replaceAll(entry -> entry.withId(shown(entry.id(), ids)));
    entries.sort(Comparator.comparing(SourceEntry::id));
    return new Listed(entries, listed.leftOut());
  }

  /** An id for messages and tables: what rules a terminal is spelt out, and it stays unique. */
  private static String shown(String id, Set<String> ids) {
    String shown = RelativePath.printable(id);
    while (!ids.add(shown)) {
      shown += "'";
    }
    return shown;
  }
}
