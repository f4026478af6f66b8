package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.FolderWalk;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The files of a Parquet table: one file, a folder of them as Spark writes it, or a data set as the
 * HuggingFace Hub serves it, whose files or folders are called by their splits ({@code
 * data/train-00000-of-00002.parquet}, {@code train/0000.parquet}).
 *
 * @param root of the table, a file or folder
 * @param files in the order of their names
 * @param others all other files of the folder
 */
record TableFiles(Path root, List<FileStatus> files, List<FileStatus> others) {
  static final String SUFFIX = ".parquet";

  /** Folders below a folder that are looked into, and names in each, to tell a table. */
  private static final int FOLDERS = 8;

  private static final int NAMES = 50;
  private static final int DEPTH = 3;

  private static final String WAY_OUT =
      "; data.layout = splits takes the files that are called by one split and leaves the others out";

  /** The Hub's name of one file of a split of a configuration. */
  private static final Pattern SHARD =
      Pattern.compile("(?:(.+)[-_.])?[A-Za-z]+-\\d{5}-of-\\d{5}(?:-[0-9a-f]{16})?\\.(?i:parquet)");

  /** Whether a path is a Parquet file, or a folder that holds such files and no samples. */
  static boolean isTable(FileSystem fileSystem, Path path) throws IOException {
    if (isNamed(path)) {
      return true;
    }
    return fileSystem.getFileStatus(path).isDirectory() && holdsTable(fileSystem, path, DEPTH);
  }

  private static boolean holdsTable(FileSystem fileSystem, Path folder, int depth)
      throws IOException {
    List<Path> below = new ArrayList<>();
    int names = 0;
    boolean found = false;
    RemoteIterator<FileStatus> children = fileSystem.listStatusIterator(folder);
    while (children.hasNext()) {
      FileStatus child = children.next();
      String name = child.getPath().getName();
      if (isNamed(child.getPath())) {
        if (depth == DEPTH) {
          return true;
        }
        found = true;
      }
      if (FileEndings.isOfAny(name) || (depth < DEPTH && names > NAMES)) {
        return found && names > NAMES;
      }
      if (child.isDirectory() && !isHidden(name)) {
        below.add(child.getPath());
      }
      names++;
    }
    if (depth > 1 && !found) {
      below.sort(Comparator.naturalOrder());
      for (Path child : below.subList(0, Math.min(FOLDERS, below.size()))) {
        if (holdsTable(fileSystem, child, depth - 1)) {
          return true;
        }
      }
    }
    return found;
  }

  /**
   * Lists the files of a table.
   *
   * @param layout with {@code SPLITS} only files that are called by one split are the table's
   * @throws LsgException exit 3 if there are none, or those of several tables
   */
  static TableFiles of(FileSystem fileSystem, Path source, DataSettings.Layout layout)
      throws IOException {
    FileStatus status;
    try {
      status = fileSystem.getFileStatus(source);
    } catch (FileNotFoundException e) {
      throw LsgException.input(source + ": no such file or folder", e);
    }
    if (status.isFile()) {
      return new TableFiles(status.getPath(), List.of(status), List.of());
    }
    TableFiles table = new TableFiles(status.getPath(), new ArrayList<>(), new ArrayList<>());
    for (FolderWalk.Found found :
        FolderWalk.of(new HadoopFiles(fileSystem.getConf()), source.toString()).files()) {
      FileStatus file = found.status();
      String name = table.name(file.getPath());
      boolean hidden = List.of(name.split("/")).stream().anyMatch(TableFiles::isHidden);
      boolean part =
          isNamed(source) || (name + "/").toLowerCase(Locale.ROOT).contains(SUFFIX + "/");
      if (layout == DataSettings.Layout.SPLITS) {
        part &= splitsOf(name, SplitNames.known()).size() == 1;
      }
      (part && !hidden ? table.files : table.others).add(file);
    }
    table.files.sort(Comparator.comparing(FileStatus::getPath));
    if (table.files.isEmpty()) {
      throw LsgException.input(
          source
              + ": holds no Parquet file"
              + (layout == DataSettings.Layout.SPLITS
                  ? " that is called by a split, as data.layout = splits wants"
                  : ""));
    }
    table.requireOne();
    return table;
  }

  /** Name of a file below the root; the name itself of a root that is a file. */
  String name(Path file) {
    return name(file, root);
  }

  /** The same, where only the root is known. */
  static String name(Path file, Path root) {
    String own = file.toUri().getPath();
    String start = root.toUri().getPath();
    return own.equals(start) || !own.startsWith(start + "/")
        ? file.getName()
        : own.substring(start.length() + 1);
  }

  /** Configurations of a data set of the Hub are tables of their own, often of the same samples. */
  private void requireOne() {
    Set<String> tables = new TreeSet<>();
    for (FileStatus file : files) {
      String name = name(file.getPath());
      String[] parts = name.split("/");
      Matcher shard = SHARD.matcher(parts[parts.length - 1]);
      if (shard.matches()) {
        String folder = parts.length > 1 && !isPlain(parts[0]) ? parts[0] + "/" : "";
        tables.add(folder + (shard.group(1) == null ? "" : shard.group(1)));
      } else if (parts.length > 2 && !isPlain(parts[0])) {
        tables.add(parts[0] + "/");
      }
    }
    if (tables.size() > 1) {
      throw LsgException.input(
          root
              + ": holds several tables, "
              + String.join(
                  ", ", tables.stream().map(name -> name.isEmpty() ? "(none)" : name).toList())
              + ": name the folder or file of one"
              + WAY_OUT);
    }
  }

  /** Whether a folder belongs to a table's layout and names no table. */
  private static boolean isPlain(String folder) {
    return folder.equals("data") || folder.contains("=") || folder.endsWith(SUFFIX);
  }

  /**
   * Splits that files or the folders that they lie in are called by; empty if none is, and for a
   * table that is one file, which is what the setting says that it is.
   *
   * @param splits names of splits, and what they mean here
   * @throws LsgException exit 3 naming a file that two splits could hold, or, among others that say
   *     so, one that does not
   */
  Map<String, String> splits(Map<String, String> splits) {
    if (files.get(0).getPath().equals(root)) {
      return Map.of();
    }
    Map<String, String> named = new TreeMap<>();
    Map<String, Set<String>> unclear = new TreeMap<>();
    for (FileStatus file : files) {
      String name = name(file.getPath());
      Set<String> found = splitsOf(name, splits);
      if (found.size() == 1) {
        named.put(name, found.iterator().next());
      } else {
        unclear.put(name, found);
      }
    }
    if (named.isEmpty()) {
      return Map.of();
    }
    unclear.forEach(
        (name, found) -> {
          throw LsgException.input(
              root
                  + ": "
                  + name
                  + (found.isEmpty()
                      ? " names no split, where other files do, such as "
                          + named.keySet().iterator().next()
                      : " names several splits, " + found)
                  + ": move it, rename it, or name single files by data.train and data.test"
                  + WAY_OUT);
        });
    return named;
  }

  /** What the name of a file says, or the folders above it from the nearest on. */
  private static Set<String> splitsOf(String name, Map<String, String> splits) {
    String[] parts = name.split("/");
    for (int i = parts.length - 1; i >= 0; i--) {
      String part = i == parts.length - 1 ? parts[i].replaceFirst("(?i)\\.parquet$", "") : parts[i];
      Set<String> found = new LinkedHashSet<>();
      for (String word : part.split("[^A-Za-z]+")) {
        String split = splits.get(word.toLowerCase(Locale.ROOT));
        if (split != null) {
          found.add(split);
        }
      }
      if (!found.isEmpty()) {
        return found;
      }
    }
    return Set.of();
  }

  static boolean isNamed(Path path) {
    return path.getName().toLowerCase(Locale.ROOT).endsWith(SUFFIX);
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }
}
