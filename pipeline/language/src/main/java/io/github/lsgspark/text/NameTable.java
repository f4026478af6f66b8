package io.github.lsgspark.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.DelimitedText.Row;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names by folder or label. The file is one of
 *
 * <ul>
 *   <li>lines of key and name, and perhaps a description, with TABs (WordNet's {@code words.txt})
 *       or, in a .csv, commas or semicolons between them;
 *   <li>lines of a number or a synset, and a name ({@code synset_words.txt});
 *   <li>one name a line, for labels that are numbers, counted from 0, or from 1 where the last
 *       label says so;
 *   <li>JSON: key to name, ImageNet's index ({@code {"0": ["n01440764", "tench"]}}), a model's
 *       {@code id2label}, a list of names.
 * </ul>
 */
final class NameTable {
  private static final Pattern CODED =
      Pattern.compile("(\\d{1,7}|[nvar]\\d{8})(?:\\s*[:,.)]\\s*|\\s+)(\\S.*)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

  private final Map<String, String> names = new LinkedHashMap<>();
  private final Map<String, String> descriptions = new HashMap<>();
  private final Map<String, String> codes = new HashMap<>();
  private boolean counted;

  private NameTable() {}

  static NameTable parse(String text, String file) {
    if (file.matches("(?i).*[.]ya?ml")) {
      throw LsgException.input(
          "labels.names: " + file + " is YAML, which is not read: JSON or one name a line is");
    }
    NameTable table = new NameTable();
    String start = text.stripLeading();
    if (start.startsWith("{") || start.startsWith("[")) {
      table.readJson(start, file);
    } else {
      table.readLines(text, file);
    }
    if (table.names.isEmpty()) {
      throw LsgException.input("labels.names: " + file + " holds no names");
    }
    return table;
  }

  /** Keys in the order of the file. */
  List<String> keys() {
    return List.copyOf(names.keySet());
  }

  /**
   * The number of the first line of a list without keys.
   *
   * @throws LsgException exit 3 if the list is shorter than the labels' numbers
   */
  int firstNumber(List<String> keys, String file) {
    if (!counted) {
      return 0;
    }
    long[] numbers =
        keys.stream()
            .filter(key -> NUMBER.matcher(key).matches())
            .mapToLong(Long::parseLong)
            .toArray();
    long largest = Arrays.stream(numbers).max().orElse(0);
    long smallest = Arrays.stream(numbers).min().orElse(0);
    if (largest < names.size()) {
      return 0;
    }
    if (largest == names.size() && smallest > 0) {
      return 1;
    }
    throw LsgException.input(
        "labels.names: "
            + file
            + " has "
            + names.size()
            + " names, one a line, but there is a class "
            + largest);
  }

  /** The name of a class; a number is the same with leading zeros. */
  Optional<String> name(String key, int first) {
    return Optional.ofNullable(names.get(found(key, first)));
  }

  Optional<String> description(String key) {
    return Optional.ofNullable(descriptions.get(key(key)));
  }

  /** The code that stands for a key beside its name; otherwise the key. */
  String code(String key) {
    return codes.getOrDefault(key(key), key);
  }

  private String found(String key, int first) {
    String plain = key(key);
    if (counted && NUMBER.matcher(plain).matches()) {
      return Long.toString(Long.parseLong(plain) - first);
    }
    return plain;
  }

  private static String key(String key) {
    String plain = Label.textOf(key);
    return NUMBER.matcher(plain).matches() ? Long.toString(Long.parseLong(plain)) : plain;
  }

  private void put(String key, String name, String place) {
    if (name.isBlank()) {
      throw LsgException.input(place + ": no name for the class \"" + key + "\"");
    }
    String earlier = names.put(key(key), name.strip());
    if (earlier != null && !earlier.equals(name.strip())) {
      throw LsgException.input(
          place
              + ": the class \""
              + key
              + "\" has two names, \""
              + earlier
              + "\" and \""
              + name.strip()
              + "\"");
    }
  }

  private void readLines(String text, String file) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    long tabs = lines.stream().filter(line -> line.indexOf('\t') > 0).count();
    String lower = file.toLowerCase(Locale.ROOT);
    boolean csv = lower.endsWith(".csv") && !lines.isEmpty();
    if (tabs > 0) {
      readRows(DelimitedText.rows(text, '\t', file), file);
    } else if (csv && (lines.get(0).contains(",") || lines.get(0).contains(";"))) {
      char separator = lines.get(0).contains(",") ? ',' : ';';
      readRows(DelimitedText.rows(text, separator, file), file);
    } else if (lines.stream().allMatch(line -> CODED.matcher(line).matches())) {
      readCoded(text.lines().toList(), file);
    } else {
      counted = true;
      for (int i = 0; i < lines.size(); i++) {
        put(Integer.toString(i), lines.get(i), file + ":" + (i + 1));
      }
    }
  }

  private void readRows(List<Row> rows, String file) {
    for (Row row : rows) {
      List<String> cells = row.cells();
      String place = file + ":" + row.line();
      if (cells.size() < 2) {
        throw LsgException.input(
            place + ": needs a folder or label and a name, but was: " + cells.get(0));
      }
      put(cells.get(0), cells.get(1), place);
      if (cells.size() == 3 && !cells.get(2).isBlank()) {
        descriptions.put(key(cells.get(0)), cells.get(2));
      }
    }
  }

  private void readCoded(List<String> lines, String file) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher matcher = CODED.matcher(lines.get(i).strip());
      if (matcher.matches()) {
        put(matcher.group(1), matcher.group(2), file + ":" + (i + 1));
      }
    }
  }

  private void readJson(String text, String file) {
    JsonNode root;
    try {
      root = new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw LsgException.input(
          "labels.names: " + file + " is not JSON: " + e.getOriginalMessage(), e);
    }
    for (String part : List.of("id2label", "label2id")) {
      if (root.path(part).isObject()) {
        root = root.path(part);
        break;
      }
    }
    if (root.isArray()) {
      for (int i = 0; i < root.size(); i++) {
        putText(Integer.toString(i), root.get(i), file);
      }
    } else {
      root.fields().forEachRemaining(field -> readField(field.getKey(), field.getValue(), file));
    }
  }

  private void readField(String key, JsonNode value, String file) {
    if (value.isArray() && value.size() == 2 && value.get(1).isTextual()) {
      // ImageNet's index: number to synset and name; folders may be called by either.
      putText(key, value.get(1), file);
      putText(value.get(0).asText(), value.get(1), file);
      codes.put(key(key), value.get(0).asText());
    } else if (value.isIntegralNumber()) {
      put(value.asText(), key, file);
    } else {
      putText(key, value, file);
    }
  }

  private void putText(String key, JsonNode value, String file) {
    if (!value.isTextual()) {
      throw LsgException.input(
          "labels.names: " + file + ": the name of \"" + key + "\" is no text: " + value);
    }
    put(key, value.asText(), file);
  }
}
