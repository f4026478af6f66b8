package io.github.lsgspark.onnx;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One operation of a graph: ONNX's {@code NodeProto}.
 *
 * @param operator as ONNX names it
 * @param inputs names of values; empty for one that is left out
 * @param output name of the value
 * @param attributes by name: a Long, a Double, a String or an array of long
 */
record OnnxNode(
    String operator, List<String> inputs, String output, Map<String, Object> attributes) {
  private static final int INPUT = 1;
  private static final int OUTPUT = 2;
  private static final int NAME = 3;
  private static final int OPERATOR = 4;
  private static final int ATTRIBUTE = 5;

  /** Fields of ONNX's {@code AttributeProto}, and its numbers of types. */
  private static final int ATTRIBUTE_NAME = 1;

  private static final int F = 2;
  private static final int I = 3;
  private static final int S = 4;
  private static final int INTS = 8;
  private static final int TYPE = 20;
  private static final int TYPE_FLOAT = 1;
  private static final int TYPE_INT = 2;
  private static final int TYPE_STRING = 3;
  private static final int TYPE_INTS = 7;

  /** In one order, so that the same network gives the same file. */
  OnnxNode {
    attributes = new TreeMap<>(attributes);
  }

  /** The message. */
  ProtoMessage message() {
    ProtoMessage message = new ProtoMessage();
    inputs.forEach(input -> message.text(INPUT, input));
    message.text(OUTPUT, output).text(NAME, operator + " " + output).text(OPERATOR, operator);
    attributes.forEach((name, value) -> message.message(ATTRIBUTE, attribute(name, value)));
    return message;
  }

  private static ProtoMessage attribute(String name, Object value) {
    ProtoMessage message = new ProtoMessage().text(ATTRIBUTE_NAME, name);
    if (value instanceof Long whole) {
      return message.number(I, whole).number(TYPE, TYPE_INT);
    }
    if (value instanceof Double number) {
      return message.real(F, number.floatValue()).number(TYPE, TYPE_FLOAT);
    }
    if (value instanceof String text) {
      return message.text(S, text).number(TYPE, TYPE_STRING);
    }
    for (long one : (long[]) value) {
      message.number(INTS, one);
    }
    return message.number(TYPE, TYPE_INTS);
  }
}
