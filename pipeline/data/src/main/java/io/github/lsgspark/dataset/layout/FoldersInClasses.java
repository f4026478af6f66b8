package io.github.lsgspark.dataset.layout;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Folders below class folders: where all classes hold the same ones, those may be the classes. */
public final class FoldersInClasses {
  private static final int SHOWN = 5;

  private final Map<String, Set<String>> byClass = new TreeMap<>();

  /**
   * Takes a sample.
   *
   * @param id its path, separated by slashes
   */
  public void add(String id, Position position) {
    if (position.label().isEmpty()) {
      return;
    }
    Set<String> folders = byClass.computeIfAbsent(position.label(), label -> new TreeSet<>());
    String[] parts = id.split("/");
    if (parts.length > position.depth() + 1) {
      folders.add(parts[position.depth()]);
    }
  }

  /** A warning, if every class holds the same folders and these are several. */
  public Optional<String> warning() {
    Set<Set<String>> distinct = Set.copyOf(byClass.values());
    if (byClass.size() < 2 || distinct.size() != 1 || distinct.iterator().next().size() < 2) {
      return Optional.empty();
    }
    Set<String> folders = distinct.iterator().next();
    return Optional.of(
        "each of the "
            + byClass.size()
            + " class folders ("
            + shown(byClass.keySet())
            + ") holds the same folders ("
            + shown(folders)
            + "): if these are the classes, name a folder further down by data.train and data.test");
  }

  private static String shown(Set<String> names) {
    return String.join(", ", names.stream().limit(SHOWN).toList())
        + (names.size() > SHOWN ? ", ..." : "");
  }
}
