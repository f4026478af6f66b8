package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.RelativePath;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;

/**
 * Lists the samples of a source: folder, zip, list file, Parquet table or drawn ones. Opens none of
 * them.
 */
final class SourceListing {
  private static final Map<String, String> SPLITS =
      Map.of(
          "train", "train",
          "training", "train",
          "test", "test",
          "val", "validation",
          "valid", "validation",
          "validation", "validation",
          "unlabelled", "unlabelled",
          "unlabeled", "unlabelled");

  private final SparkSession spark;
  private final Configuration hadoop;
  private final DataSettings settings;

  SourceListing(SparkSession spark, DataSettings settings) {
    this.spark = spark;
    this.hadoop = spark.sparkContext().hadoopConfiguration();
    this.settings = settings;
  }

  /**
   * All entries of a source, ordered by id.
   *
   * @param split what entries are that lie in no split folder
   */
  List<SourceEntry> list(String source, String split) {
    List<SourceEntry> entries;
    if (source.startsWith(DrawnSource.SCHEME)) {
      entries = new DrawnSource(settings).entries(source);
    } else {
      try {
        Path path = new Path(source);
        FileSystem fileSystem = path.getFileSystem(hadoop);
        if (TableFiles.isTable(fileSystem, path)) {
          entries = new ParquetSource(spark, source, settings).list(split, SPLITS, settings.root());
        } else if (fileSystem.getFileStatus(path).isDirectory()) {
          entries = folder(fileSystem, fileSystem.makeQualified(path), split);
        } else if (source.toLowerCase(Locale.ROOT).endsWith(".zip")) {
          entries = zip(source, split);
        } else {
          entries =
              new ListFile(hadoop, settings.root(), settings.columns()).read(source, split, SPLITS);
        }
      } catch (FileNotFoundException e) {
        throw LsgException.input(source + ": no such file or folder", e);
      } catch (IOException e) {
        throw new UncheckedIOException(source + ": " + e.getMessage(), e);
      }
    }
    if (entries.isEmpty()) {
      throw LsgException.input(
          source + ": holds no samples: no files in class folders, no lines, no rows");
    }
    entries.sort(Comparator.comparing(SourceEntry::id));
    return entries;
  }

  private List<SourceEntry> folder(FileSystem fileSystem, Path root, String split)
      throws IOException {
    List<SourceEntry> files = new ArrayList<>();
    String prefix = root.toUri().getPath();
    RemoteIterator<LocatedFileStatus> iterator = fileSystem.listFiles(root, true);
    while (iterator.hasNext()) {
      Path file = iterator.next().getPath();
      String relative = file.toUri().getPath().substring(prefix.length()).replaceFirst("^/", "");
      files.add(SourceEntry.file(relative, "", split, file.toString()));
    }
    return classified(files);
  }

  private List<SourceEntry> zip(String source, String split) throws IOException {
    List<SourceEntry> files = new ArrayList<>();
    try (ZipFile archive = LocalArchives.open(source, hadoop)) {
      Enumeration<? extends ZipEntry> members = archive.entries();
      while (members.hasMoreElements()) {
        ZipEntry member = members.nextElement();
        if (!member.isDirectory()) {
          String id = RelativePath.inside(member.getName(), source);
          files.add(SourceEntry.member(id, "", split, source, member.getName()));
        }
      }
    } catch (ZipException e) {
      throw LsgException.input(source + ": not a zip file: " + e.getMessage(), e);
    }
    return classified(files);
  }

  /**
   * Reads split and class off the folders of each file; files outside class folders are left, but
   * below unlabelled/ any place will do.
   */
  private List<SourceEntry> classified(List<SourceEntry> files) {
    boolean hasSplits =
        files.stream()
            .map(file -> file.id().split("/"))
            .anyMatch(parts -> parts.length >= 3 && SPLITS.containsKey(parts[0]));
    List<SourceEntry> entries = new ArrayList<>();
    for (SourceEntry file : files) {
      String[] parts = file.id().split("/");
      String name = parts[parts.length - 1];
      if (name.startsWith(".") || parts[0].equals("__MACOSX")) {
        continue;
      }
      String split = hasSplits ? SPLITS.get(parts[0]) : file.split();
      if (hasSplits && SampleTable.UNLABELLED.equals(split) && parts.length >= 2) {
        entries.add(file.withSplit(split));
      } else if (split != null && parts.length >= (hasSplits ? 3 : 2)) {
        entries.add(file.withSplit(split).withLabel(parts[hasSplits ? 1 : 0]));
      }
    }
    return settings.modality() == DataSettings.Modality.VIDEO
        ? FrameFolders.grouped(entries, hasSplits ? 2 : 1)
        : entries;
  }

  /** All files of a source whatever their folders, for predictions. */
  List<SourceEntry> listFlat(String source, String split) {
    try {
      return list(source, split).stream().map(entry -> entry.withSplit(split)).toList();
    } catch (LsgException e) {
      Path path = new Path(source);
      List<SourceEntry> entries = new ArrayList<>();
      try {
        for (var file : path.getFileSystem(hadoop).listStatus(path)) {
          if (file.isFile()) {
            String name = file.getPath().getName();
            entries.add(SourceEntry.file(name, "", split, file.getPath().toString()));
          }
        }
      } catch (IOException missing) {
        throw e;
      }
      if (entries.isEmpty()) {
        throw e;
      }
      entries.sort(Comparator.comparing(SourceEntry::id));
      return entries;
    }
  }

  private List<SourceEntry> folds() {
    if (!settings.test().isEmpty()) {
      throw LsgException.usage(
          "data.test must not be set with data.fold, which takes the test split from data.train, but"
              + " was: "
              + settings.test());
    }
    return new FileFolds(settings.foldPattern(), settings.fold())
        .split(list(settings.train(), "train"));
  }

  /** Training and test entries of the whole data set. */
  List<SourceEntry> all() {
    if (settings.train().isEmpty()) {
      throw LsgException.usage(
          "data.train is not set: name a folder, zip, list file or Parquet table");
    }
    if (settings.fold() > 0) {
      return folds();
    }
    List<SourceEntry> entries = new ArrayList<>(list(settings.train(), "train"));
    if (!settings.test().isEmpty()) {
      entries.removeIf(entry -> entry.split().equals("test"));
      List<SourceEntry> test = list(settings.test(), "test");
      boolean marked = test.stream().anyMatch(entry -> entry.split().equals("test"));
      for (SourceEntry entry : test) {
        if (!marked || entry.split().equals("test")) {
          entries.add(
              settings.test().equals(settings.train())
                  ? entry.withSplit("test")
                  : entry.withSplit("test").withId("test:" + entry.id()));
        }
      }
    }
    if (settings.testFraction() == 0
        && entries.stream().noneMatch(entry -> entry.split().equals("test"))) {
      throw LsgException.input(
          "no test samples: "
              + settings.train()
              + " has no test/ folder, data.test is not set, and neither is data.test-fraction");
    }
    return Collections.unmodifiableList(entries);
  }
}
