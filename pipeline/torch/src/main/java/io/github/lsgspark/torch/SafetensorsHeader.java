package io.github.lsgspark.torch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.MistakenFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file, held against the file's length.
 *
 * @param places of the tensors, in the header's order
 * @param metadata what the file says of itself beside them
 */
record SafetensorsHeader(LinkedHashMap<String, Place> places, Map<String, String> metadata) {
  static final String METADATA = "__metadata__";
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
  private static final String WANTED =
      "only safetensors files are read: most models of the Hub have them, and transformers'"
          + " save_pretrained writes them";
  private static final long MAX_HEADER_BYTES = 100_000_000;

  /** Bytes of a file at a place. */
  interface Section {
    /** The bytes from a place on, as many as asked for. */
    ByteBuffer at(long from, long length) throws IOException;
  }

  /**
   * Where a tensor lies.
   *
   * @param from its first byte in the file
   */
  record Place(Safetensors.Entry entry, long from) {}

  /**
   * Reads the header.
   *
   * @param size length of the file
   * @param name what to call the file in errors
   * @throws LsgException exit 3 if the file is not sound
   */
  static SafetensorsHeader read(Section content, long size, String name) throws IOException {
    Header header = header(content, size, name);
    return new SafetensorsHeader(places(size, header, name), metadata(header));
  }

  /**
   * @param length bytes of the header and of the number before it: where arrays begin
   */
  private record Header(JsonNode json, long length) {}

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

  private static Map<String, String> metadata(Header header) {
    Map<String, String> metadata = new LinkedHashMap<>();
    header
        .json()
        .path(METADATA)
        .properties()
        .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asText()));
    return metadata;
  }

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
    return new Place(new Safetensors.Entry(dtype, shape), start + from);
  }

  private static LsgException damaged(String name, String why) {
    return LsgException.input(name + ": not a sound safetensors file: " + why);
  }
}
