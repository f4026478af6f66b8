package io.github.lsgspark.dataset;

import io.github.lsgspark.config.ColumnSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.layout.LeftOut;
import io.github.lsgspark.dataset.layout.SplitNames;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.RelativePath;
import io.github.lsgspark.text.TextLines;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
  private final Modality modality;
  private final List<LeftOut> unnamed = new ArrayList<>();

  ListFile(Configuration hadoop, String root) {
    this(hadoop, root, ColumnSettings.USUAL, Modality.IMAGE);
  }

  /**
   * @param root folder that paths start from; empty: the list's own
   * @param columns what columns are called, in lists with a header
   * @param modality of the samples
   */
  ListFile(Configuration hadoop, String root, ColumnSettings columns, Modality modality) {
    this.files = new HadoopFiles(hadoop);
    this.root = root;
    this.columns = columns;
    this.modality = modality;
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

  /** Files of samples in the folders of a list's samples that no line names, once it is read. */
  List<LeftOut> unnamed() {
    return List.copyOf(unnamed);
  }

  private List<SourceEntry> entries(
      String list, String split, Map<String, String> splits, boolean labelled) {
    Path base = base(list);
    String text = TextLines.text(files.read(list), list);
    KnownFiles known = new KnownFiles(files, base);
    List<ListLine> lines = new ListParser(list, known, columns, labelled).parse(text);
    String absolute = files.fileSystem(base.toString()).makeQualified(base).toUri().getPath();
    boolean ids = lines.stream().noneMatch(line -> FileEndings.isOfAny(line.path()));
    List<SourceEntry> entries = new ArrayList<>(lines.size());
    Map<String, Integer> seen = new HashMap<>();
    for (ListLine line : lines) {
      String where = list + ":" + line.number();
      String normal = known.meant(inside(line.path(), absolute, where), ids);
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
    Set<String> folders = seen.keySet().stream().map(ListFile::folder).collect(Collectors.toSet());
    known
        .listed()
        .filter(file -> FileEndings.isOf(modality, file) && !seen.containsKey(file))
        .filter(file -> folders.contains(folder(file)))
        .sorted()
        .forEach(file -> unnamed.add(LeftOut.unlisted(file)));
    return entries;
  }

  private static String folder(String file) {
    return file.substring(0, Math.max(0, file.lastIndexOf('/')));
  }

  private Path base(String list) {
    Path base = root.isEmpty() ? new Path(list).getParent() : new Path(root);
    return base == null ? new Path("/") : base;
  }

  /**
   * That none of its files is there is no matter of some bad samples: the paths start elsewhere.
   *
   * @throws LsgException exit 3 that names data.root, on this machine
   */
  void requireSome(String list, List<SourceEntry> entries) {
    Path base = base(list);
    KnownFiles known = new KnownFiles(files, base);
    if (entries.isEmpty()
        || !known.areNear()
        || entries.stream().anyMatch(entry -> known.has(entry.id()))) {
      return;
    }
    String first = entries.get(0).id();
    List<String> roots = new ArrayList<>();
    for (String folder : files.list(base.toString())) {
      String below = known.meant(folder + "/" + first, true);
      if (known.has(below)) {
        roots.add(base + "/" + folder);
      }
    }
    throw LsgException.input(
        RelativePath.printable(
            list
                + ": none of its "
                + entries.size()
                + " files is there, such as "
                + base
                + "/"
                + first
                + "; data.root is the folder that its paths start from"
                + (roots.size() == 1 ? ", such as " + roots.get(0) : "")));
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
              + SplitNames.listed(splits.keySet()));
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
