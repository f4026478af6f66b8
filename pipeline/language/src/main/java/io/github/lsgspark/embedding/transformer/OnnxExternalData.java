package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.LsgException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The files beside an ONNX graph that hold its weights: the {@code location} of every tensor's
 * {@code external_data} (onnx.proto3), whatever the files are called. The graph is walked as
 * protobuf; what holds no tensor is skipped over.
 */
final class OnnxExternalData {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  /** Messages of onnx.proto3 that lead to tensors. */
  private enum Message {
    MODEL,
    GRAPH,
    NODE,
    ATTRIBUTE,
    TENSOR,
    SPARSE_TENSOR,
    ENTRY,
    FUNCTION,
    TRAINING
  }

  /** Which fields of a message hold such a message. */
  private static final Map<Message, Map<Integer, Message>> FIELDS =
      Map.of(
          Message.MODEL,
          Map.of(7, Message.GRAPH, 20, Message.TRAINING, 25, Message.FUNCTION),
          Message.TRAINING,
          Map.of(1, Message.GRAPH, 2, Message.GRAPH),
          Message.FUNCTION,
          Map.of(7, Message.NODE, 11, Message.ATTRIBUTE),
          Message.GRAPH,
          Map.of(1, Message.NODE, 5, Message.TENSOR, 15, Message.SPARSE_TENSOR),
          Message.NODE,
          Map.of(5, Message.ATTRIBUTE),
          Message.ATTRIBUTE,
          Map.of(
              5, Message.TENSOR,
              6, Message.GRAPH,
              10, Message.TENSOR,
              11, Message.GRAPH,
              22, Message.SPARSE_TENSOR,
              23, Message.SPARSE_TENSOR),
          Message.SPARSE_TENSOR,
          Map.of(1, Message.TENSOR, 2, Message.TENSOR),
          Message.TENSOR,
          Map.of(13, Message.ENTRY),
          Message.ENTRY,
          Map.of());

  private final InputStream in;
  private final Set<String> locations = new TreeSet<>();
  private long position;

  private OnnxExternalData(InputStream in) {
    this.in = in;
  }

  /**
   * @param in the graph; left open
   * @param name of the graph, for messages
   * @return paths relative to the graph's folder, as the graph states them
   * @throws LsgException exit 3 if it is no ONNX graph
   */
  static Set<String> locations(InputStream in, long length, String name) throws IOException {
    OnnxExternalData data = new OnnxExternalData(new BufferedInputStream(in, 1 << 16));
    try {
      data.walk(Message.MODEL, length);
    } catch (EOFException | Malformed e) {
      throw LsgException.input(
          name + ": is no ONNX graph, damaged or cut off at byte " + data.position, e);
    }
    return data.locations;
  }

  private static final class Malformed extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private void walk(Message message, long end) throws IOException {
    String key = "";
    String value = "";
    while (position < end) {
      long tag = varint();
      int field = (int) (tag >>> 3);
      switch ((int) tag & 7) {
        case VARINT -> varint();
        case FIXED64 -> skip(8, end);
        case FIXED32 -> skip(4, end);
        case BYTES -> {
          long length = varint();
          if (length < 0 || length > end - position) {
            throw new Malformed();
          }
          if (message == Message.ENTRY && length < 1 << 16) {
            String text = new String(bytes((int) length), StandardCharsets.UTF_8);
            key = field == 1 ? text : key;
            value = field == 2 ? text : value;
          } else if (FIELDS.get(message).containsKey(field)) {
            walk(FIELDS.get(message).get(field), position + length);
          } else {
            skip(length, end);
          }
        }
        default -> throw new Malformed();
      }
    }
    if (position > end) {
      throw new Malformed();
    }
    if (message == Message.ENTRY && key.equals("location")) {
      locations.add(value);
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException();
      }
      position++;
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new Malformed();
  }

  private byte[] bytes(int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    position += bytes.length;
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private void skip(long length, long end) throws IOException {
    if (length > end - position) {
      throw new Malformed();
    }
    in.skipNBytes(length);
    position += length;
  }
}
