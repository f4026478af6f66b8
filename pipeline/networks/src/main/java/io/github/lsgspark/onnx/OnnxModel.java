package io.github.lsgspark.onnx;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * An ONNX file: IR version 8, operators of version 17, which ONNX Runtime reads since 1.12. The
 * field numbers are those of onnx.proto.
 */
final class OnnxModel {
  private static final int IR_VERSION = 8;
  private static final int OPERATORS = 17;
  private static final int CHUNK = 1 << 16;

  /** Fields of {@code ModelProto}. */
  private static final int MODEL_IR_VERSION = 1;

  private static final int MODEL_PRODUCER = 2;
  private static final int MODEL_GRAPH = 7;
  private static final int MODEL_OPERATORS = 8;
  private static final int MODEL_METADATA = 14;

  /** Fields of {@code GraphProto}. */
  private static final int GRAPH_NODE = 1;

  private static final int GRAPH_NAME = 2;
  private static final int GRAPH_TENSOR = 5;
  private static final int GRAPH_INPUT = 11;
  private static final int GRAPH_OUTPUT = 12;

  private static final String PRODUCER = "LSG on Spark";

  private OnnxModel() {}

  /**
   * A value that goes in or comes out.
   *
   * @param shape without the first dimension, which is any number n
   */
  record Port(String name, long[] shape) {
    private ProtoMessage message() {
      ProtoMessage shapes = new ProtoMessage().message(1, new ProtoMessage().text(2, "n"));
      for (long length : shape) {
        shapes.message(1, new ProtoMessage().number(1, length));
      }
      ProtoMessage tensor = new ProtoMessage().number(1, OnnxTensor.FLOAT).message(2, shapes);
      return new ProtoMessage().text(1, name).message(2, new ProtoMessage().message(1, tensor));
    }
  }

  /**
   * Writes the file.
   *
   * @param metadata that readers pass over
   * @throws LsgException exit 3 for two gigabytes or more, which such a file cannot hold
   */
  static void write(
      OutputStream to,
      OnnxGraph graph,
      Port input,
      List<Port> outputs,
      Map<String, String> metadata)
      throws IOException {
    ProtoMessage nodes = new ProtoMessage().text(GRAPH_NAME, "network");
    graph.nodes().forEach(node -> nodes.message(GRAPH_NODE, node.message()));
    nodes.message(GRAPH_INPUT, input.message());
    outputs.forEach(output -> nodes.message(GRAPH_OUTPUT, output.message()));
    ProtoMessage head =
        new ProtoMessage()
            .number(MODEL_IR_VERSION, IR_VERSION)
            .text(MODEL_PRODUCER, PRODUCER)
            .message(MODEL_OPERATORS, new ProtoMessage().number(2, OPERATORS));
    metadata.forEach(
        (key, value) ->
            head.message(MODEL_METADATA, new ProtoMessage().text(1, key).text(2, value)));
    long size = nodes.size();
    for (OnnxTensor tensor : graph.tensors()) {
      size += start(tensor).size() + tensor.head().size() + tensor.data().remaining();
    }
    if (size + head.size() > Integer.MAX_VALUE - CHUNK) {
      throw LsgException.input(
          String.format(
              "an ONNX file holds at most 2 GB, and this network needs %.1f: take the TorchScript"
                  + " file, which has no such limit",
              size / 1e9));
    }
    to.write(head.length(MODEL_GRAPH, size).toByteArray());
    to.write(nodes.toByteArray());
    byte[] chunk = new byte[CHUNK];
    for (OnnxTensor tensor : graph.tensors()) {
      to.write(start(tensor).toByteArray());
      to.write(tensor.head().toByteArray());
      for (ByteBuffer data = tensor.data(); data.hasRemaining(); ) {
        int count = Math.min(chunk.length, data.remaining());
        data.get(chunk, 0, count);
        to.write(chunk, 0, count);
      }
    }
  }

  private static ProtoMessage start(OnnxTensor tensor) {
    return new ProtoMessage()
        .length(GRAPH_TENSOR, (long) tensor.head().size() + tensor.data().remaining());
  }
}
