package io.github.lsgspark.dataset.layout;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.DataSettings.Modality;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.dataset.modality.FileEndings;
import io.github.lsgspark.storage.RelativePath;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which folders of a source are splits, which are classes, and which only lie round everything:
 * split/class/file, class/file or class/split/file, below any number of folders that hold nothing
 * but the next. What can be read in two ways is refused.
 */
public final class FolderLayout {
  private static final String UNLABELLED = "unlabelled";
  private static final String TRAIN = "train";
  private static final String WAY_OUT =
      "; data.layout = classes takes every folder as a class, data.layout = splits takes the split"
          + " folders and leaves the others out";

  private final String source;
  private final Modality modality;
  private final DataSettings.Layout layout;
  private final Set<String> known;

  /**
   * @param source for errors
   * @param known classes of the training samples, where these are others; empty: not known
   */
  public FolderLayout(String source, DataSettings data, Collection<String> known) {
    this.source = source;
    this.modality = data.modality();
    this.layout = data.layout();
    this.known = Set.copyOf(known);
  }

  /**
   * Reads the folders.
   *
   * @param paths of candidates within the source, separated by slashes
   * @return what each is, in their order
   * @throws LsgException exit 3 that names data.layout where folders can be read in two ways
   */
  public List<Position> read(List<String> paths) {
    List<String[]> files = paths.stream().map(path -> path.split("/")).toList();
    int top = top(files, layout != DataSettings.Layout.CLASSES, known);
    Map<String, List<String[]>> folders = folders(files, top);
    Map<String, String> meant = SplitNames.among(folders.keySet());
    Map<String, List<String[]>> splits = new TreeMap<>(folders);
    splits.keySet().retainAll(meant.keySet());
    if (layout == DataSettings.Layout.CLASSES) {
      return classes(files, top);
    }
    if (splits.isEmpty()) {
      if (layout == DataSettings.Layout.SPLITS) {
        throw refused(
            "data.layout = splits, but no folder is named train, validation, test or unlabelled;"
                + " there are "
                + counts(folders));
      }
      return isSplitBelow(folders, top) ? classesOfSplits(files, top) : classes(files, top);
    }
    boolean alone = splits.size() == folders.size();
    boolean holdClasses = splits.entrySet().stream().anyMatch(split -> holdsClasses(split, top));
    if (layout == DataSettings.Layout.AUTO && !alone) {
      if (!holdClasses && !meansUnlabelled(splits.keySet())) {
        // No folder but these could hold the classes: one of them is called like a split.
        return classes(files, top);
      }
      Map<String, List<String[]>> others = new TreeMap<>(folders);
      others.keySet().removeAll(splits.keySet());
      throw refused(
          "the folders "
              + counts(splits)
              + " are named like splits, but beside them lie "
              + counts(others)
              + WAY_OUT);
    }
    if (!holdClasses && splits.keySet().stream().anyMatch(name -> !isUnlabelled(name))) {
      throw refused(
          "the folders "
              + counts(splits)
              + " are named like splits, but hold files without class folders: a list must label"
              + " them (data.train names it), or, if these are the classes, data.layout = classes");
    }
    return splits(files, top, splits, meant);
  }

  private LsgException refused(String sentence) {
    return LsgException.input(RelativePath.printable(source + ": " + sentence));
  }

  private static String counts(Map<String, List<String[]>> folders) {
    int shown = 8;
    String names =
        folders.entrySet().stream()
            .limit(shown)
            .map(folder -> folder.getKey() + "/ (" + folder.getValue().size() + " files)")
            .collect(Collectors.joining(", "));
    return folders.isEmpty()
        ? "none"
        : folders.size() > shown ? names + " and " + (folders.size() - shown) + " more" : names;
  }

  private static boolean isUnlabelled(String folder) {
    return SplitNames.of(folder).filter(UNLABELLED::equals).isPresent();
  }

  private static boolean meansUnlabelled(Set<String> folders) {
    return folders.stream().anyMatch(FolderLayout::isUnlabelled);
  }

  private static boolean holdsClasses(Map.Entry<String, List<String[]>> split, int top) {
    return !isUnlabelled(split.getKey())
        && split.getValue().stream().anyMatch(parts -> parts.length > top + 2);
  }

  /** How many leading folders lie round everything. */
  private int top(List<String[]> files, boolean stopAtSplits, Set<String> classes) {
    return top(files, 0, stopAtSplits, classes);
  }

  private int top(List<String[]> files, int from, boolean stopAtSplits, Set<String> classes) {
    int top = from;
    while (true) {
      Set<String> names = folders(files, top).keySet();
      if (names.size() != 1) {
        return top;
      }
      String only = names.iterator().next();
      if (stopAtSplits && SplitNames.of(only).isPresent() || classes.contains(only)) {
        return top;
      }
      int level = top;
      if (files.stream().noneMatch(parts -> parts.length > level + 2 + (isFrame(parts) ? 1 : 0))) {
        return top;
      }
      top++;
    }
  }

  /** A picture in a folder of videos lies in the folder of its video. */
  private boolean isFrame(String[] parts) {
    return modality == Modality.VIDEO && FileEndings.isPicture(parts[parts.length - 1]);
  }

  /** The files in and below each folder of a level. */
  private static Map<String, List<String[]>> folders(List<String[]> files, int level) {
    Map<String, List<String[]>> folders = new TreeMap<>();
    for (String[] parts : files) {
      if (parts.length > level + 1) {
        folders.computeIfAbsent(parts[level], name -> new ArrayList<>()).add(parts);
      }
    }
    return folders;
  }

  /**
   * Whether every class folder is divided into splits.
   *
   * @throws LsgException exit 3 if only some files lie in such folders
   */
  private boolean isSplitBelow(Map<String, List<String[]>> folders, int top) {
    Set<String> found = new TreeSet<>();
    long inSplits = 0;
    long all = 0;
    for (List<String[]> files : folders.values()) {
      for (String[] parts : files) {
        all++;
        if (parts.length > top + 2 && SplitNames.of(parts[top + 1]).isPresent()) {
          found.add(SplitNames.of(parts[top + 1]).orElseThrow());
          inSplits++;
        }
      }
    }
    if (found.size() < 2) {
      return false;
    }
    if (inSplits < all) {
      throw refused(
          inSplits
              + " of "
              + all
              + " files lie in folders of their class named like splits ("
              + String.join(", ", found)
              + "), the others do not"
              + "; data.layout = classes takes such folders as parts of their class");
    }
    return true;
  }

  private List<Position> classes(List<String[]> files, int top) {
    return files.stream()
        .map(
            parts ->
                parts.length > top + 1
                    ? Position.of("", parts[top], top + 1)
                    : unclassed(parts, "lies in no class folder"))
        .toList();
  }

  private List<Position> classesOfSplits(List<String[]> files, int top) {
    return files.stream()
        .map(
            parts -> {
              if (parts.length <= top + 1) {
                return unclassed(parts, "lies in no class folder");
              }
              String split = SplitNames.of(parts[top + 1]).orElseThrow();
              return Position.of(split, split.equals(UNLABELLED) ? "" : parts[top], top + 2);
            })
        .toList();
  }

  private Position unclassed(String[] parts, String detail) {
    return left(parts, LeftOut.Reason.NO_CLASS_FOLDER, detail);
  }

  private Position left(String[] parts, LeftOut.Reason reason, String detail) {
    return Position.none(
        new LeftOut(
            String.join("/", parts),
            reason,
            detail,
            FileEndings.isOf(modality, parts[parts.length - 1])));
  }

  private List<Position> splits(
      List<String[]> files,
      int top,
      Map<String, List<String[]>> splits,
      Map<String, String> meant) {
    Set<String> training = new TreeSet<>(known);
    Map<String, Integer> classLevels = new TreeMap<>();
    // The training samples know the classes by which the other splits are read.
    List<String> order =
        splits.keySet().stream()
            .sorted(Comparator.comparing(split -> !meant.get(split).equals(TRAIN)))
            .toList();
    for (String split : order) {
      int level = top(splits.get(split), top + 1, false, training);
      classLevels.put(split, level);
      if (meant.get(split).equals(TRAIN)) {
        training.addAll(folders(splits.get(split), level).keySet());
        training.removeIf(FolderLayout::isUnlabelled);
      }
    }
    List<Position> positions = new ArrayList<>();
    for (String[] parts : files) {
      positions.add(inSplit(parts, top, classLevels, meant.get(parts[top])));
    }
    return positions;
  }

  private Position inSplit(
      String[] parts, int top, Map<String, Integer> classLevels, String split) {
    if (parts.length <= top + 1) {
      return unclassed(parts, "lies in no split folder");
    }
    Integer level = classLevels.get(parts[top]);
    if (level == null) {
      return left(
          parts, LeftOut.Reason.OTHER_FOLDER, "data.layout = splits, and this is not in one");
    }
    if (split.equals(UNLABELLED)) {
      return Position.of(UNLABELLED, "", top + 1);
    }
    if (parts.length <= level + 1) {
      return unclassed(parts, "lies in no class folder of " + parts[top] + "/");
    }
    if (split.equals(TRAIN) && isUnlabelled(parts[level])) {
      return Position.of(UNLABELLED, "", level + 1);
    }
    return Position.of(split, parts[level], level + 1);
  }
}
