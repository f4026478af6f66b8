package io.github.lsgspark.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.DelimitedText.Row;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A list whose samples are JSON objects, one a line or all in one array: the names of their values
 * are the columns. What is no text, number or truth value is no column.
 */
final class JsonList {
  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonList() {}

  /**
   * Whether a text is JSON: it is called so, or its first line is an object.
   *
   * @param list the name of its file
   */
  static boolean is(String list, String text) {
    if (list.matches("(?i).*\\.(json|jsonl|ndjson)")) {
      return true;
    }
    String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    return first.startsWith("{") && parsed(first) != null;
  }

  /**
   * The names of the columns, and below them a row for each object.
   *
   * @param list what to call the text in errors
   * @throws LsgException exit 3 with list and line for what is no object
   */
  static List<Row> rows(String list, String text) {
    List<JsonNode> objects = new ArrayList<>();
    List<Integer> lines = new ArrayList<>();
    JsonNode whole = text.isBlank() ? null : parsed(text);
    if (whole != null && whole.isArray()) {
      whole.forEach(objects::add);
      objects.forEach(object -> lines.add(lines.size() + 1));
    } else {
      List<String> all = text.lines().toList();
      for (int i = 0; i < all.size(); i++) {
        if (!all.get(i).isBlank()) {
          objects.add(parsed(all.get(i)));
          lines.add(i + 1);
        }
      }
    }
    Set<String> columns = new LinkedHashSet<>();
    Set<String> nested = new LinkedHashSet<>();
    for (int i = 0; i < objects.size(); i++) {
      JsonNode object = objects.get(i);
      if (object == null || !object.isObject()) {
        throw LsgException.input(
            list
                + ":"
                + lines.get(i)
                + ": is no JSON object: a list holds one for each sample, such as {\"file_name\":"
                + " \"1.jpg\", \"label\": \"cat\"}, one a line or all in one array");
      }
      for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
        String name = names.next();
        (object.get(name).isContainerNode() ? nested : columns).add(name);
      }
    }
    columns.removeAll(nested);
    List<Row> rows = new ArrayList<>();
    rows.add(new Row(1, List.copyOf(columns)));
    for (int i = 0; i < objects.size(); i++) {
      JsonNode object = objects.get(i);
      rows.add(
          new Row(lines.get(i), columns.stream().map(name -> cell(object.get(name))).toList()));
    }
    return rows;
  }

  private static String cell(JsonNode value) {
    return value == null || value.isNull() ? "" : value.asText();
  }

  /** Null for what is no JSON. */
  private static JsonNode parsed(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
