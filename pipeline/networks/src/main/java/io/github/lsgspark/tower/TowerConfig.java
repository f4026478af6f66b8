package io.github.lsgspark.tower;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The config.json beside a published network, as transformers or timm writes it. What a file leaves
 * out has the default of the code that wrote it.
 *
 * @param node its keys, or those of a part
 * @param source what to call it in errors
 */
public record TowerConfig(JsonNode node, String source) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A file that says nothing. */
  static TowerConfig none(String source) {
    return new TowerConfig(JSON.createObjectNode(), source);
  }

  /**
   * Reads a file.
   *
   * @throws LsgException exit 3 if it is no JSON object
   */
  public static TowerConfig parse(byte[] content, String source) {
    try {
      JsonNode node = JSON.readTree(new String(content, StandardCharsets.UTF_8));
      if (node == null || !node.isObject()) {
        throw LsgException.input(source + ": is no JSON object");
      }
      return new TowerConfig(node, source);
    } catch (JsonProcessingException e) {
      throw LsgException.input(source + ": is no JSON: " + e.getOriginalMessage());
    }
  }

  /** What transformers calls the kind of network; empty in timm's files. */
  public String modelType() {
    return text("model_type", "");
  }

  /** What timm calls the network, without the tag of its weights; empty in transformers' files. */
  public String architecture() {
    String name = text("architecture", "");
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  /** What the network is called: by timm, also where transformers wraps it, or by its kind. */
  public String network() {
    return architecture().isEmpty() ? modelType() : architecture();
  }

  /**
   * Whether the class of transformers that wrote the file has a name with an ending.
   *
   * @param otherwise where the file names none
   */
  boolean isOf(String ending, boolean otherwise) {
    JsonNode classes = node.path("architectures");
    return classes.isEmpty() ? otherwise : classes.path(0).asText().endsWith(ending);
  }

  /** A part, as if it were a file of its own; empty where there is none. */
  public TowerConfig part(String key) {
    JsonNode part = node.path(key);
    return new TowerConfig(part.isObject() ? part : JSON.createObjectNode(), source);
  }

  /** What was passed to timm beside the name. */
  public TowerConfig arguments() {
    return part("model_args");
  }

  /** Whether there is a value. */
  public boolean has(String key) {
    return node.hasNonNull(key);
  }

  /** An integer above 0; sides of an image or a patch may stand as two equal ones. */
  public int count(String key, int otherwise) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    boolean twice = value.isArray() && value.size() == 2 && value.get(0).equals(value.get(1));
    String wanted = "a whole number above 0, or two equal ones";
    return count(key, twice ? value.get(0) : value, wanted, 1);
  }

  /** An integer, 0 or above. */
  public int countOrZero(String key, int otherwise) {
    JsonNode value = node.path(key);
    return value.isMissingNode() || value.isNull()
        ? otherwise
        : count(key, value, "a whole number, 0 or above", 0);
  }

  private int count(String key, JsonNode number, String wanted, int least) {
    if (!number.isIntegralNumber() || !number.canConvertToInt() || number.intValue() < least) {
      throw wrong(key, wanted, node.path(key));
    }
    return number.intValue();
  }

  /** A number. */
  public double number(String key, double otherwise) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isNumber()) {
      throw wrong(key, "a number", value);
    }
    return value.doubleValue();
  }

  /** True or false. */
  public boolean truth(String key, boolean otherwise) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw wrong(key, "true or false", value);
    }
    return value.booleanValue();
  }

  /** A text. */
  public String text(String key, String otherwise) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.isTextual()) {
      throw wrong(key, "a text", value);
    }
    return value.textValue();
  }

  /** A function between layers. */
  Activation function(String key, String otherwise) {
    return Activation.of(text(key, otherwise), source, key);
  }

  /** Integers, such as the depths of stages. */
  public int[] counts(String key, int... otherwise) {
    JsonNode value = node.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    String wanted = "a list of whole numbers above 0";
    if (!value.isArray() || value.isEmpty()) {
      throw wrong(key, wanted, value);
    }
    int[] counts = new int[value.size()];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = count(key, value.get(i), wanted, 1);
    }
    return counts;
  }

  /** Two integers above 0. */
  public int[] pair(String key, int first, int second) {
    int[] pair = counts(key, first, second);
    if (pair.length != 2) {
      throw wrong(key, "two whole numbers above 0", node.path(key));
    }
    return pair;
  }

  /**
   * Blocks of each stage, and another number for each stage.
   *
   * @param key of the other numbers
   * @return both lists
   * @throws LsgException exit 3 if they are not equally long
   */
  List<List<Integer>> stages(int[] depths, String key, int... otherwise) {
    List<Integer> blocks = Arrays.stream(counts("depths", depths)).boxed().toList();
    List<Integer> others = Arrays.stream(counts(key, otherwise)).boxed().toList();
    if (blocks.isEmpty() || blocks.size() != others.size()) {
      throw LsgException.input(
          "%s: depths and %s must have one number for each stage, but are: %s and %s"
              .formatted(source, key, blocks, others));
    }
    return List.of(blocks, others);
  }

  private LsgException wrong(String key, String wanted, JsonNode value) {
    return LsgException.input(source + ": " + key + " must be " + wanted + ", but is: " + value);
  }
}
