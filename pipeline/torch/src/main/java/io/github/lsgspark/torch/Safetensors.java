package io.github.lsgspark.torch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.MistakenFile;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * The safetensors format: eight bytes of header length, a JSON header, raw little-endian arrays.
 * Files hold data only, no code.
 */
public final class Safetensors {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final String WANTED =
      "only safetensors files are read: most models of the Hub have them, and transformers'"
          + " save_pretrained writes them";
  private static final String METADATA = "__metadata__";
  private static final long MAX_HEADER_BYTES = 100_000_000;

  private Safetensors() {}

  /** Bytes of a file at a place. */
  public interface Section {
    /** The bytes from a place on, as many as asked for. */
    ByteBuffer at(long from, long length) throws IOException;
  }

  /**
   * A tensor as a header tells of it.
   *
   * @param shape not to be changed
   */
  public record Entry(Dtype dtype, long[] shape) {

    /** Bytes of the tensor. */
    public long bytes() {
      return Arrays.stream(shape).reduce(dtype.bytes(), (a, b) -> a * b);
    }
  }

  /**
   * What a header tells.
   *
   * @param entries tensors in the header's order
   * @param metadata what the file says of itself beside them
   */
  public record Outline(LinkedHashMap<String, Entry> entries, Map<String, String> metadata) {}

  /**
   * Reads the header only and holds it against the file's length: what is cut off, lies or is of
   * another format is found without reading the arrays.
   *
   * @param size length of the file
   * @param name what to call the file in errors
   * @throws LsgException exit 3 if the file is not sound
   */
  public static Outline check(Section content, long size, String name) throws IOException {
    Header header = header(content, size, name);
    LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    places(size, header, name).forEach((key, place) -> entries.put(key, place.entry()));
    return new Outline(entries, metadata(header));
  }

  /**
   * Maps the arrays of a local file into memory one by one, so that the file may be larger than the
   * 2 GiB that one mapping can hold; arrays are views of it, in the header's order.
   */
  public static LinkedHashMap<String, HostArray> map(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return read(mapped(channel), channel.size(), file.toString(), name -> true);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * Reads all tensors of a file's content.
   *
   * @param name what to call the content in errors
   */
  public static LinkedHashMap<String, HostArray> read(byte[] content, String name) {
    try {
      return read(section(content), content.length, name, tensor -> true);
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  private static Section section(byte[] content) {
    return (from, length) -> ByteBuffer.wrap(content, (int) from, (int) length).slice();
  }

  private static Section mapped(FileChannel channel) {
    return (from, length) -> channel.map(FileChannel.MapMode.READ_ONLY, from, length);
  }

  /**
   * Reads some tensors of a file, one by one: the file may be larger than 2 GiB.
   *
   * @param size length of the file
   * @param name what to call the file in errors
   * @param wanted by the tensors' names; no bytes of the others are read
   * @return in the header's order
   * @throws LsgException exit 3 if the file is not sound, or a wanted tensor larger than 2 GiB
   */
  public static LinkedHashMap<String, HostArray> read(
      Section content, long size, String name, Predicate<String> wanted) throws IOException {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, Place> tensor :
        places(size, header(content, size, name), name).entrySet()) {
      if (wanted.test(tensor.getKey())) {
        Entry entry = tensor.getValue().entry();
        if (entry.bytes() > Integer.MAX_VALUE) {
          throw LsgException.input(name + ": tensor " + tensor.getKey() + " is larger than 2 GiB");
        }
        ByteBuffer bytes = content.at(tensor.getValue().from(), entry.bytes());
        arrays.put(
            tensor.getKey(),
            new HostArray(entry.dtype(), entry.shape(), bytes.order(ByteOrder.LITTLE_ENDIAN)));
      }
    }
    return arrays;
  }

  /**
   * Where a tensor lies.
   *
   * @param from its first byte in the file
   */
  private record Place(Entry entry, long from) {}

  private static LinkedHashMap<String, Place> places(long size, Header header, String name) {
    LinkedHashMap<String, Place> places = new LinkedHashMap<>();
    TreeMap<Long, String> starts = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : header.json().properties()) {
      if (!entry.getKey().equals(METADATA)) {
        places.put(
            entry.getKey(), place(size, header.length(), entry.getKey(), entry.getValue(), name));
        requireOwnBytes(header.json(), starts, entry.getKey(), name);
      }
    }
    return places;
  }

  /** No two tensors lie at the same bytes: what one of them holds would be the other's. */
  private static void requireOwnBytes(
      JsonNode header, TreeMap<Long, String> starts, String key, String name) {
    long from = offset(header, key, 0);
    long to = offset(header, key, 1);
    if (from == to) {
      return;
    }
    Map.Entry<Long, String> before = starts.lowerEntry(to);
    if (before != null && offset(header, before.getValue(), 1) > from) {
      throw damaged(
          name, "tensors " + before.getValue() + " and " + key + " lie at the same bytes");
    }
    starts.put(from, key);
  }

  private static long offset(JsonNode header, String key, int end) {
    return header.path(key).path("data_offsets").path(end).asLong(-1);
  }

  /**
   * What the file says of itself beside its arrays.
   *
   * @param name what to call the content in errors
   */
  public static Map<String, String> metadata(byte[] content, String name) {
    try {
      return metadata(header(section(content), content.length, name));
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  /** What a local file says of itself beside its arrays. */
  public static Map<String, String> metadata(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return metadata(header(mapped(channel), channel.size(), file.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  private static Map<String, String> metadata(Header header) {
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .json()
        .path(METADATA)
        .properties()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
    return metadata;
  }

  /**
   * @param length bytes of the header and of the number before it: where arrays begin
   */
  private record Header(JsonNode json, long length) {}

  private static Header header(Section content, long size, String name) throws IOException {
    byte[] first = new byte[(int) Math.min(size, MistakenFile.BYTES)];
    content.at(0, first.length).get(first);
    long length = size < 8 ? -1 : ByteBuffer.wrap(first).order(ByteOrder.LITTLE_ENDIAN).getLong();
    if (length < 2 || length > MAX_HEADER_BYTES || length > size - 8) {
      MistakenFile.refuseGraph(first, size, name, WANTED);
      throw damaged(
          name,
          size < 8
              ? "it has only " + size + " bytes"
              : "its header claims " + length + " bytes, but the file has " + size + " in all");
    }
    byte[] header = new byte[(int) length];
    content.at(8, length).get(header);
    try {
      JsonNode json = JSON.readTree(new String(header, StandardCharsets.UTF_8));
      if (json != null && json.isObject()) {
        return new Header(json, 8 + length);
      }
      throw damaged(name, "its header is not a JSON object");
    } catch (JsonProcessingException e) {
      throw damaged(name, "its header is not sound JSON: " + e.getOriginalMessage());
    }
  }

  private static Place place(long size, long start, String key, JsonNode entry, String name) {
    Dtype dtype = null;
    for (Dtype candidate : Dtype.values()) {
      if (candidate.safetensorsName().equals(entry.path("dtype").asText())) {
        dtype = candidate;
      }
    }
    if (dtype == null) {
      throw damaged(
          name, "tensor " + key + " has element type \"" + entry.path("dtype").asText() + "\"");
    }
    JsonNode dimensions = entry.path("shape");
    long[] shape = new long[dimensions.size()];
    long expected = dtype.bytes();
    for (int i = 0; i < shape.length; i++) {
      shape[i] = dimensions.get(i).asLong(-1);
      if (shape[i] < 0 || (shape[i] > 0 && expected > Long.MAX_VALUE / shape[i])) {
        throw damaged(name, "tensor " + key + " has shape " + dimensions);
      }
      expected *= shape[i];
    }
    long from = entry.path("data_offsets").path(0).asLong(-1);
    long to = entry.path("data_offsets").path(1).asLong(-1);
    if (from < 0 || to < from || to > size - start) {
      throw damaged(
          name,
          String.format(
              "tensor %s lies at bytes %d..%d, but %d are there", key, from, to, size - start));
    }
    if (to - from != expected) {
      throw damaged(
          name,
          String.format(
              "tensor %s of %s%s needs %d bytes, but lies at %d..%d",
              key, dtype.safetensorsName(), dimensions, expected, from, to));
    }
    return new Place(new Entry(dtype, shape), start + from);
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
