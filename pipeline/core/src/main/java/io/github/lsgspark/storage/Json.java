package io.github.lsgspark.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON files on any Hadoop file system. Not-a-number is written as null. */
public final class Json {
  private static final ObjectMapper MAPPER =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private Json() {}

  /** Writes a value (records, maps, lists, numbers, text) as indented JSON. */
  public static void write(HadoopFiles files, String path, Object value) {
    files.write(path, text(value).getBytes(StandardCharsets.UTF_8));
  }

  /** A value as indented JSON. */
  public static String text(Object value) {
    try {
      return MAPPER.writeValueAsString(withoutNaN(MAPPER.valueToTree(value))) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("cannot be written as JSON: " + value.getClass(), e);
    }
  }

  private static JsonNode withoutNaN(JsonNode node) {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      return MAPPER.nullNode();
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(entry -> entry.setValue(withoutNaN(entry.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, withoutNaN(array.get(i)));
      }
    }
    return node;
  }

  /** Reads what {@link #text} wrote. */
  public static <T> T parse(String text, TypeReference<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw LsgException.input("not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** Any JSON; a missing node for an empty text. */
  public static JsonNode tree(String text) throws JsonProcessingException {
    return MAPPER.readTree(text);
  }

  /**
   * Reads a file as a tree.
   *
   * @throws LsgException exit 3 if it holds something else
   */
  public static JsonNode read(HadoopFiles files, String path) {
    byte[] content = content(files, path);
    try {
      return MAPPER.readTree(new String(content, StandardCharsets.UTF_8));
    } catch (JsonProcessingException e) {
      throw LsgException.input(path + ": not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a file as a record.
   *
   * @throws LsgException exit 3 if it holds something else
   */
  public static <T> T read(HadoopFiles files, String path, Class<T> type) {
    byte[] content = content(files, path);
    try {
      return MAPPER.readValue(content, type);
    } catch (JsonProcessingException e) {
      throw LsgException.input(path + ": " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw LsgException.input(path + ": " + e.getMessage(), e);
    }
  }

  private static byte[] content(HadoopFiles files, String path) {
    byte[] content = files.read(path);
    MistakenFile.refuse(content, content.length, path, "a JSON file is needed");
    return content;
  }
}
