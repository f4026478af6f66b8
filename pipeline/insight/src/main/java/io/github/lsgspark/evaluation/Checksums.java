package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The SHA-256 of each file of a folder, as {@code sha256sum -c SHA256SUMS} reads them. */
final class Checksums {
  /** The file's name. */
  static final String NAME = "SHA256SUMS";

  private Checksums() {}

  /**
   * Writes them.
   *
   * @return the file's name
   */
  static String write(HadoopFiles files, String folder) {
    StringBuilder text = new StringBuilder();
    sums(files, folder)
        .forEach((name, sum) -> text.append(sum).append("  ").append(name).append('\n'));
    files.writeText(HadoopFiles.path(folder, NAME), text.toString());
    return NAME;
  }

  private static Map<String, String> sums(HadoopFiles files, String folder) {
    Map<String, String> sums = new TreeMap<>();
    for (String name : files.below(folder)) {
      if (!name.equals(NAME)) {
        sums.put(name, files.digest(HadoopFiles.path(folder, name)));
      }
    }
    return sums;
  }

  /**
   * Holds the files of a folder against their sums.
   *
   * @return their names
   * @throws LsgException exit 3 that names the file that differs, is missing or has no sum
   */
  static List<String> verify(HadoopFiles files, String folder) {
    String list = HadoopFiles.path(folder, NAME);
    Map<String, String> wanted = new TreeMap<>();
    for (String line :
        files
            .readIfThere(list)
            .orElseThrow(() -> LsgException.input(folder + " is no exported model: no " + NAME))
            .lines()
            .toList()) {
      String[] parts = line.split(" [ *]", 2);
      if (parts.length != 2) {
        throw LsgException.input(list + ": no sum and name: " + line);
      }
      wanted.put(parts[1], parts[0]);
    }
    Map<String, String> found = sums(files, folder);
    for (Map.Entry<String, String> file : wanted.entrySet()) {
      String path = HadoopFiles.path(folder, file.getKey());
      String sum = found.remove(file.getKey());
      if (sum == null) {
        throw LsgException.input(path + " is missing");
      }
      if (!sum.equals(file.getValue())) {
        throw LsgException.input(path + " is not what " + NAME + " says: its SHA-256 is " + sum);
      }
    }
    if (!found.isEmpty()) {
      throw LsgException.input(
          HadoopFiles.path(folder, found.keySet().iterator().next()) + " is not in " + NAME);
    }
    return List.copyOf(wanted.keySet());
  }
}
