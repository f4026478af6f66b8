package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.Label;
import io.github.lsgspark.text.LabelSet;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which row of an embedding file belongs to which label. Names are compared in Unicode NFC, in
 * lower case, with underscores as spaces; if every line starts with a number, the numbers are
 * ignored.
 */
final class RowNames {
  private static final Pattern NUMBER = Pattern.compile("^\\d+[\\s:]+");
  private static final int SHOWN = 10;

  private RowNames() {}

  /**
   * Row of each label.
   *
   * @param lines name of each row
   * @param file where the names come from, for errors
   * @throws LsgException exit 3 that names the labels without a row, the rows without a label and
   *     repeated rows
   */
  static int[] match(LabelSet labels, List<String> lines, String file) {
    boolean numbered = lines.stream().allMatch(line -> NUMBER.matcher(line.strip()).find());
    Map<String, Integer> rowByKey = new HashMap<>();
    for (int row = 0; row < lines.size(); row++) {
      String name = lines.get(row).strip();
      String key = key(numbered ? NUMBER.matcher(name).replaceFirst("") : name);
      Integer earlier = rowByKey.put(key, row);
      if (earlier != null) {
        throw LsgException.input(
            String.format("%s:%d: \"%s\" already names row %d", file, row + 1, name, earlier + 1));
      }
    }
    int[] rows = new int[labels.size()];
    Arrays.fill(rows, -1);
    List<String> missing = new ArrayList<>();
    boolean[] used = new boolean[lines.size()];
    for (Label label : labels.labels()) {
      Integer own = rowByKey.get(key(label.name()));
      Integer row = own != null ? own : rowByKey.get(key(labels.source(label.id())));
      if (row == null) {
        missing.add(label.name());
      } else if (used[row]) {
        throw LsgException.input(
            file + ":" + (row + 1) + ": names two labels that differ in case: " + label.name());
      } else {
        used[row] = true;
        rows[label.id()] = row;
      }
    }
    List<String> extra = new ArrayList<>();
    for (int row = 0; row < used.length; row++) {
      if (!used[row]) {
        extra.add(lines.get(row).strip());
      }
    }
    if (!missing.isEmpty() || !extra.isEmpty()) {
      throw LsgException.input(
          file
              + ": rows and labels differ"
              + listed("; labels without a row: ", missing)
              + listed("; rows without a label: ", extra));
    }
    return rows;
  }

  /**
   * Whether the lines are numbered 0, 1, 2 …: only then do they say which rows they name, so that a
   * list which goes on after the last row (as taxonomies do, with their inner nodes) can be used.
   */
  static boolean numberedInOrder(List<String> lines) {
    for (int row = 0; row < lines.size(); row++) {
      if (!lines.get(row).strip().matches(row + "[\\s:]+.*")) {
        return false;
      }
    }
    return true;
  }

  private static String listed(String what, List<String> names) {
    if (names.isEmpty()) {
      return "";
    }
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return what + shown + (names.size() > SHOWN ? ", … (" + names.size() + " in all)" : "");
  }

  private static String key(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC)
        .replace('_', ' ')
        .strip()
        .replaceAll("\\s+", " ")
        .toLowerCase(Locale.ROOT);
  }
}
