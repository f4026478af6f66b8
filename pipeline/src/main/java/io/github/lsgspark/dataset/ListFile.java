package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.TextLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A list of paths and labels, one sample a line ({@link ListParser}). Paths are relative to the
 * root and may not leave it; one that is written from the root of the file system on is taken if it
 * lies there. A line without a label is unlabelled in training.
 */
final class ListFile {
  private final HadoopFiles files;
  private final String root;
  private final ColumnSettings columns;

  ListFile(Configuration hadoop, String root) {
    this(hadoop, root, ColumnSettings.USUAL);
  }

  /**
   * @param root folder that paths start from; empty: the list's own
   * @param columns what columns are called, in lists with a header
   */
  ListFile(Configuration hadoop, String root, ColumnSettings columns) {
    this.files = new HadoopFiles(hadoop);
    this.root = root;
    this.columns = columns;
  }

  /** As {@link #read(String, String, Map)}, whatever a column of splits says. */
  List<SourceEntry> read(String list, String split) {
    return entries(list, split, Map.of(), true);
  }

  /**
   * The samples of a list of paths and labels.
   *
   * @param split of lines that name none
   * @param splits names of splits, and what they mean here
   * @throws LsgException exit 3 with list and line for what cannot be understood, leaves the root
   *     or is listed twice
   */
  List<SourceEntry> read(String list, String split, Map<String, String> splits) {
    return entries(list, split, splits, true);
  }

  /**
   * The files of a list of bare paths, or of paths and labels, without labels.
   *
   * @throws LsgException exit 3 as {@link #read(String, String, Map)}
   */
  List<SourceEntry> readFlat(String list, String split) {
    return entries(list, split, Map.of(), false);
  }

  private List<SourceEntry> entries(
      String list, String split, Map<String, String> splits, boolean labelled) {
    Path base = root.isEmpty() ? new Path(list).getParent() : new Path(root);
    if (base == null) {
      base = new Path("/");
    }
    String text = TextLines.text(files.read(list), list);
    List<ListLine> lines =
        new ListParser(list, new KnownFiles(files, base), columns, labelled).parse(text);
    String absolute = files.fileSystem(base.toString()).makeQualified(base).toUri().getPath();
    List<SourceEntry> entries = new ArrayList<>(lines.size());
    Map<String, Integer> seen = new HashMap<>();
    for (ListLine line : lines) {
      String where = list + ":" + line.number();
      String normal = inside(line.path(), absolute, where);
      Integer earlier = seen.put(normal, line.number());
      if (earlier != null) {
        throw LsgException.input(
            where
                + ": "
                + RelativePath.printable(normal)
                + " is listed twice, first on line "
                + earlier);
      }
      String own = splits.isEmpty() ? split : split(line, split, splits, where);
      if (labelled && line.label().isEmpty() && own.equals(SampleTable.TRAIN)) {
        own = SampleTable.UNLABELLED;
      }
      entries.add(SourceEntry.file(normal, line.label(), own, base + "/" + normal));
    }
    return entries;
  }

  private static String split(
      ListLine line, String split, Map<String, String> splits, String where) {
    if (line.split().isEmpty()) {
      return split;
    }
    String known = splits.get(line.split().toLowerCase(Locale.ROOT));
    if (known == null) {
      throw LsgException.input(
          where
              + ": there is no split \""
              + RelativePath.printable(line.split())
              + "\"; known are "
              + splits.keySet().stream().sorted().toList());
    }
    return known;
  }

  private static String inside(String path, String root, String where) {
    if (path.matches("[A-Za-z][A-Za-z0-9+.-]*:[/\\\\].*")) {
      throw LsgException.input(
          where
              + ": the path \""
              + RelativePath.printable(path)
              + "\" leaves the root of the list");
    }
    boolean below = path.startsWith(root + "/");
    return RelativePath.inside(below ? path.substring(root.length() + 1) : path, where);
  }
}
