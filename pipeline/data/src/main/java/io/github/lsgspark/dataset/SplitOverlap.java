package io.github.lsgspark.dataset;

import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.RelativePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** No file is in two splits, by whatever links and sources it is reached. */
final class SplitOverlap {
  private static final String LOCAL = "file:";

  private final DataSettings settings;
  private final Map<Path, Path> folders = new HashMap<>();

  SplitOverlap(DataSettings settings) {
    this.settings = settings;
  }

  /**
   * Looks for a file that two entries of different splits name.
   *
   * @throws LsgException exit 3 that names the keys
   */
  void require(List<SourceEntry> entries) {
    Map<String, SourceEntry> byPlace = new HashMap<>();
    long count = 0;
    SourceEntry first = null;
    SourceEntry second = null;
    for (SourceEntry entry : entries) {
      if (entry.kind() == SourceEntry.Kind.DRAWN || entry.kind() == SourceEntry.Kind.MISSING) {
        continue;
      }
      SourceEntry other = byPlace.putIfAbsent(real(entry.location()) + "!" + entry.member(), entry);
      if (other != null && !other.split().equals(entry.split())) {
        count++;
        if (first == null) {
          first = other;
          second = entry;
        }
      }
    }
    if (first != null) {
      throw LsgException.input(
          count
              + " files are in two splits, such as "
              + first.id()
              + " ("
              + first.split()
              + ") and "
              + second.id()
              + " ("
              + second.split()
              + "), which are the same file: data.train = "
              + settings.train()
              + ", data.test = "
              + (settings.test().isEmpty() ? "not set" : settings.test())
              + (bothTest(first, second)
                  ? "; to test on the validation split, set data.test-split = validation and leave"
                      + " data.test empty"
                  : ""));
    }
  }

  private static boolean bothTest(SourceEntry first, SourceEntry second) {
    return first.split().equals(SampleTable.VALIDATION) && second.split().equals(SampleTable.TEST);
  }

  /** The path behind all links; as it is where it is not on this machine or not there. */
  private String real(String location) {
    String path = location.startsWith(LOCAL) ? location.substring(LOCAL.length()) : location;
    if (!path.startsWith("/") && path.matches("[A-Za-z][A-Za-z0-9+.-]*:/.*")) {
      return location;
    }
    try {
      Path file = Path.of(path).toAbsolutePath();
      if (Files.isSymbolicLink(file) || file.getParent() == null) {
        return file.toRealPath().toString();
      }
      Path folder = folders.get(file.getParent());
      if (folder == null) {
        folder = file.getParent().toRealPath();
        folders.put(file.getParent(), folder);
      }
      return folder.resolve(file.getFileName()).toString();
    } catch (IOException | IllegalArgumentException e) {
      return RelativePath.printable(location);
    }
  }
}
