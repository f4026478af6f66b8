package io.github.lsgspark.torch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The safetensors format: eight bytes of header length, a JSON header, raw little-endian arrays.
 * Files hold data only, no code.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String METADATA = "__metadata__";
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private Safetensors() {}

  /** Maps a local file into memory; arrays are views of it, in the header's order. */
  public static LinkedHashMap<String, HostArray> read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > Integer.MAX_VALUE) {
        throw LsgException.input(file + ": safetensors files above 2 GiB are not supported");
      }
      return read(channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()), file.toString());
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * @param name what to call the content in errors
   */
  public static LinkedHashMap<String, HostArray> read(byte[] content, String name) {
    return read(ByteBuffer.wrap(content), name);
  }

  private static LinkedHashMap<String, HostArray> read(ByteBuffer content, String name) {
    JsonNode root = header(content, name);
    int start = 8 + (int) content.getLong(0);
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    root.fields()
        .forEachRemaining(
            entry -> {
              if (!entry.getKey().equals(METADATA)) {
                arrays.put(
                    entry.getKey(), array(content, start, entry.getKey(), entry.getValue(), name));
              }
            });
    return arrays;
  }

  /**
   * What the file says of itself beside its arrays.
   *
   * @param name what to call the content in errors
   */
  public static Map<String, String> metadata(byte[] content, String name) {
    Map<String, String> metadata = new LinkedHashMap<>();
    header(ByteBuffer.wrap(content), name)
        .path(METADATA)
        .fields()
        .forEachRemaining(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
    return metadata;
  }

  private static JsonNode header(ByteBuffer content, String name) {
    content.order(ByteOrder.LITTLE_ENDIAN);
    if (content.remaining() < 8) {
      throw damaged(name, "it has only " + content.remaining() + " bytes");
    }
    long length = content.getLong(0);
    if (length < 2 || length > MAX_HEADER_BYTES || length > content.limit() - 8) {
      throw damaged(name, "its header claims " + length + " bytes");
    }
    byte[] header = new byte[(int) length];
    content.duplicate().position(8).get(header);
    try {
      return JSON.readTree(new String(header, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw damaged(name, "its header is not JSON: " + e.getMessage());
    }
  }

  private static HostArray array(
      ByteBuffer content, int start, String key, JsonNode entry, String name) {
    Dtype dtype = null;
    for (Dtype candidate : Dtype.values()) {
      if (candidate.safetensorsName().equals(entry.path("dtype").asText())) {
        dtype = candidate;
      }
    }
    if (dtype == null) {
      throw damaged(name, "tensor " + key + " has element type " + entry.path("dtype").asText());
    }
    JsonNode dimensions = entry.path("shape");
    long[] shape = new long[dimensions.size()];
    long expected = dtype.bytes();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).asLong(-1);
      if (shape[i] < 0 || (shape[i] > 0 && expected > content.limit() / shape[i])) {
        throw damaged(name, "tensor " + key + " has shape " + dimensions);
      }
      expected *= shape[i];
    }
    long from = entry.path("data_offsets").path(0).asLong(-1);
    long to = entry.path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to - from != expected || start + to > content.limit()) {
      throw damaged(name, "tensor " + key + " lies at " + from + ".." + to + ", outside the file");
    }
    ByteBuffer slice = content.duplicate();
    slice.position((int) (start + from)).limit((int) (start + to));
    return new HostArray(dtype, shape, slice.slice().order(ByteOrder.LITTLE_ENDIAN));
  }

  private static LsgException damaged(String name, String why) {
    return LsgException.input(name + ": not a sound safetensors file: " + why);
  }

  /** Writes arrays in the map's order; closes nothing. */
  public static void write(
      OutputStream out, Map<String, HostArray> arrays, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject(METADATA);
      metadata.forEach(node::put);
    }
    long offset = 0;
    for (Map.Entry<String, HostArray> entry : arrays.entrySet()) {
      HostArray array = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", array.dtype().safetensorsName());
      for (long dimension : array.shape()) {
        node.withArray("shape").add(dimension);
      }
      if (array.shape().length == 0) {
        node.putArray("shape");
      }
      long bytes = (long) array.size() * array.dtype().bytes();
      node.putArray("data_offsets").add(offset).add(offset + bytes);
      offset += bytes;
    }
    byte[] json = JSON.writeValueAsBytes(header);
    int padded = (json.length + 7) / 8 * 8;
    ByteBuffer head = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    head.putLong(padded).put(json);
    while (head.hasRemaining()) {
      head.put((byte) ' ');
    }
    WritableByteChannel channel = Channels.newChannel(out);
    channel.write(head.flip());
    for (HostArray array : arrays.values()) {
      channel.write(array.data().duplicate());
    }
  }
}
