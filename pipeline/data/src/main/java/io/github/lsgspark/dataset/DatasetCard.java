package io.github.lsgspark.dataset;

import io.github.lsgspark.storage.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;

/**
 * The names of classes that the HuggingFace Hub keeps in README.md of a data set, between two lines
 * of dashes at its beginning: {@code dataset_info.features}, of the column of labels {@code
 * dtype.class_label.names}. They are asked for where the Parquet files themselves list none, as
 * other programs than the Hub's library write them.
 */
final class DatasetCard {
  private static final String FILE = "README.md";
  private static final int MOST_BYTES = 4 << 20;
  private static final Pattern FEATURE = Pattern.compile("(\\s*)- name:\\s*(.+)");
  private static final Pattern NUMBERED = Pattern.compile("\\s*['\"]?(\\d{1,9})['\"]?:\\s*(.+)");
  private static final Pattern ITEM = Pattern.compile("\\s*-\\s+(.+)");

  private DatasetCard() {}

  /**
   * Names by number; empty if there is no such file, if it lists none, or different ones for
   * several tables.
   *
   * @param root of the table, a file or folder: the card lies in it, beside it or one folder above
   * @param label name of the column
   */
  static List<String> names(HadoopFiles files, Path root, String label) {
    Path folder = root;
    for (int level = 0; level < 3 && folder != null; level++) {
      String card = HadoopFiles.path(folder.toString(), FILE);
      if (files.exists(card) && files.length(card) <= MOST_BYTES) {
        return parse(new String(files.read(card), StandardCharsets.UTF_8), label);
      }
      folder = folder.getParent();
    }
    return List.of();
  }

  /** The names in the text of a card. */
  static List<String> parse(String text, String label) {
    List<String> lines = head(text);
    Set<List<String>> found = new LinkedHashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      Matcher feature = FEATURE.matcher(lines.get(i));
      if (feature.matches() && unquoted(feature.group(2)).equals(label)) {
        List<String> names = namesOf(lines, i + 1, feature.group(1).length());
        if (!names.isEmpty()) {
          found.add(names);
        }
      }
    }
    return found.size() == 1 ? found.iterator().next() : List.of();
  }

  /** The lines between the dashes. */
  private static List<String> head(String text) {
    List<String> lines = text.strip().lines().toList();
    if (lines.isEmpty() || !lines.get(0).strip().equals("---")) {
      return List.of();
    }
    List<String> rest = lines.subList(1, lines.size());
    int end = rest.indexOf("---");
    return end < 0 ? List.of() : rest.subList(0, end);
  }

  /**
   * The names below a feature, which ends where a line stands as far left as its own.
   *
   * @param indent of the feature's own line
   */
  private static List<String> namesOf(List<String> lines, int from, int indent) {
    List<String> names = new ArrayList<>();
    int inNames = -1;
    for (String line : lines.subList(from, lines.size())) {
      int own = indent(line);
      if (line.isBlank()) {
        continue;
      }
      if (own <= indent || inNames >= 0 && own < inNames) {
        break;
      }
      if (inNames >= 0) {
        Matcher numbered = NUMBERED.matcher(line);
        Matcher item = ITEM.matcher(line);
        if (numbered.matches() && Integer.parseInt(numbered.group(1)) == names.size()) {
          names.add(unquoted(numbered.group(2)));
        } else if (item.matches()) {
          names.add(unquoted(item.group(1)));
        } else {
          return List.of();
        }
      } else if (line.strip().equals("names:")) {
        inNames = own;
      }
    }
    return List.copyOf(names);
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static String unquoted(String value) {
    String text = value.strip();
    if (text.length() > 1 && text.startsWith("'") && text.endsWith("'")) {
      return text.substring(1, text.length() - 1).replace("''", "'");
    }
    return text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
        ? text.substring(1, text.length() - 1)
        : text;
  }
}
