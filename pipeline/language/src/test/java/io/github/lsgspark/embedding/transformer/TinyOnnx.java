package io.github.lsgspark.embedding.transformer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * ONNX files written on the spot, in the wire format of onnx.proto: a graph of nodes over one table
 * [{@link #ROWS}, {@link #WIDTH}], whose element in row r and column c is r + c / 10.
 */
final class TinyOnnx {
  static final int ROWS = 9;
  static final int WIDTH = 4;
  static final int FLOAT = 1;
  static final int INT8 = 3;
  static final int INT32 = 6;
  static final int INT64 = 7;
  static final int BOOL = 9;
  static final int FLOAT16 = 10;
  static final int DOUBLE = 11;

  private final ByteArrayOutputStream graph = new ByteArrayOutputStream();

  TinyOnnx() {
    text(graph, 2, "graph");
    tensor("table", FLOAT, floats(), ROWS, WIDTH);
  }

  /** The graph of a look-up: hidden states are rows of the table. */
  static TinyOnnx lookUp(int type, Object... shape) {
    return new TinyOnnx()
        .node("Gather", "last_hidden_state", Map.of(), "table", "input_ids")
        .input("input_ids", type, shape)
        .output("last_hidden_state", FLOAT, "n", "length", WIDTH);
  }

  static float element(int row, int column) {
    return row + column / 10f;
  }

  private static byte[] floats() {
    ByteBuffer values = ByteBuffer.allocate(4 * ROWS * WIDTH).order(ByteOrder.LITTLE_ENDIAN);
    for (int row = 0; row < ROWS; row++) {
      for (int column = 0; column < WIDTH; column++) {
        values.putFloat(element(row, column));
      }
    }
    return values.array();
  }

  /** Adds a constant. */
  TinyOnnx tensor(String name, int type, byte[] raw, long... shape) {
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    for (long dimension : shape) {
      number(tensor, 1, dimension);
    }
    number(tensor, 2, type);
    text(tensor, 8, name);
    bytes(tensor, 9, raw);
    bytes(graph, 5, tensor.toByteArray());
    return this;
  }

  /**
   * @param attributes whole numbers, or lists of them
   */
  TinyOnnx node(String operator, String output, Map<String, Object> attributes, String... inputs) {
    ByteArrayOutputStream node = new ByteArrayOutputStream();
    for (String input : inputs) {
      text(node, 1, input);
    }
    text(node, 2, output);
    text(node, 4, operator);
    new LinkedHashMap<>(attributes)
        .forEach(
            (name, value) -> {
              ByteArrayOutputStream attribute = new ByteArrayOutputStream();
              text(attribute, 1, name);
              if (value instanceof long[] list) {
                Arrays.stream(list).forEach(one -> number(attribute, 8, one));
                number(attribute, 20, 7);
              } else {
                number(attribute, 3, ((Number) value).longValue());
                number(attribute, 20, 2);
              }
              bytes(node, 5, attribute.toByteArray());
            });
    bytes(graph, 1, node.toByteArray());
    return this;
  }

  /**
   * @param shape numbers, or names of what is not fixed
   */
  TinyOnnx input(String name, int type, Object... shape) {
    bytes(graph, 11, value(name, type, shape));
    return this;
  }

  TinyOnnx output(String name, int type, Object... shape) {
    bytes(graph, 12, value(name, type, shape));
    return this;
  }

  private static byte[] value(String name, int type, Object... shape) {
    ByteArrayOutputStream dimensions = new ByteArrayOutputStream();
    for (Object size : shape) {
      ByteArrayOutputStream dimension = new ByteArrayOutputStream();
      if (size instanceof Number fixed) {
        number(dimension, 1, fixed.longValue());
      } else {
        text(dimension, 2, size.toString());
      }
      bytes(dimensions, 1, dimension.toByteArray());
    }
    ByteArrayOutputStream tensor = new ByteArrayOutputStream();
    number(tensor, 1, type);
    bytes(tensor, 2, dimensions.toByteArray());
    ByteArrayOutputStream kind = new ByteArrayOutputStream();
    bytes(kind, 1, tensor.toByteArray());
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    text(value, 1, name);
    bytes(value, 2, kind.toByteArray());
    return value.toByteArray();
  }

  /** Writes model.onnx, and a tokenizer of words if there is none. */
  Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    ByteArrayOutputStream operators = new ByteArrayOutputStream();
    number(operators, 2, 13);
    ByteArrayOutputStream model = new ByteArrayOutputStream();
    number(model, 1, 8);
    bytes(model, 7, graph.toByteArray());
    bytes(model, 8, operators.toByteArray());
    Files.write(folder.resolve("model.onnx"), model.toByteArray());
    if (!Files.exists(folder.resolve("tokenizer.json"))) {
      Files.writeString(folder.resolve("tokenizer.json"), tokenizer(""));
    }
    return folder;
  }

  /**
   * A tokenizer of nine words, with [CLS] before a text and [SEP] behind it.
   *
   * @param added more entries of added_tokens, each with a comma before it
   */
  static String tokenizer(String added) {
    List<String> words = List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d", "e");
    List<String> vocabulary = new ArrayList<>();
    List<String> special = new ArrayList<>();
    for (int id = 0; id < words.size(); id++) {
      vocabulary.add("\"" + words.get(id) + "\": " + id);
      if (id < 4) {
        special.add(added(id, words.get(id), true));
      }
    }
    return "{\"version\": \"1.0\", \"truncation\": null, \"padding\": null, \"normalizer\": null,"
        + " \"pre_tokenizer\": {\"type\": \"WhitespaceSplit\"}, \"decoder\": null,"
        + " \"added_tokens\": ["
        + String.join(", ", special)
        + added
        + "], \"post_processor\": {\"type\": \"BertProcessing\", \"sep\": [\"[SEP]\", 3],"
        + " \"cls\": [\"[CLS]\", 2]}, \"model\": {\"type\": \"WordLevel\", \"unk_token\": \"[UNK]\","
        + " \"vocab\": {"
        + String.join(", ", vocabulary)
        + "}}}";
  }

  /** An entry of added_tokens. */
  static String added(int id, String token, boolean special) {
    return String.format(
        "{\"id\": %d, \"content\": \"%s\", \"single_word\": false, \"lstrip\": false, \"rstrip\":"
            + " false, \"normalized\": false, \"special\": %s}",
        id, token, special);
  }

  private static void number(ByteArrayOutputStream out, int field, long value) {
    varint(out, (long) field << 3);
    varint(out, value);
  }

  private static void text(ByteArrayOutputStream out, int field, String value) {
    bytes(out, field, value.getBytes(StandardCharsets.UTF_8));
  }

  private static void bytes(ByteArrayOutputStream out, int field, byte[] value) {
    varint(out, (long) field << 3 | 2);
    varint(out, value.length);
    out.writeBytes(value);
  }

  private static void varint(ByteArrayOutputStream out, long value) {
    long left = value;
    while ((left & ~0x7FL) != 0) {
      out.write((int) (left & 0x7F | 0x80));
      left >>>= 7;
    }
    out.write((int) left);
  }
}
