package io.github.lsgspark.torch;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.FileParts;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The safetensors format: eight bytes of header length, a JSON header, raw little-endian arrays.
 * Files hold data only, no code.
 */
public final class Safetensors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Safetensors() {}

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
   * @param path on any file system of Hadoop's
   * @param name what to call the file in errors
   * @throws LsgException exit 3 if the file is missing or not sound
   */
  public static Outline outline(HadoopFiles files, String path, String name) {
    return FileParts.read(
        files,
        path,
        (bytes, size) -> {
          SafetensorsHeader header = SafetensorsHeader.read(section(bytes), size, name);
          LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
          header.places().forEach((key, place) -> entries.put(key, place.entry()));
          return new Outline(entries, header.metadata());
        });
  }

  /**
   * Reads some tensors of a file, one by one: the file may be larger than 2 GiB.
   *
   * @param path on any file system of Hadoop's
   * @param wanted by the tensors' names; no bytes of the others are read
   * @return in the header's order
   * @throws LsgException exit 3 if the file is missing or not sound, or a wanted tensor larger than
   *     2 GiB
   */
  public static LinkedHashMap<String, HostArray> read(
      HadoopFiles files, String path, Predicate<String> wanted) {
    return FileParts.read(files, path, (bytes, size) -> read(section(bytes), size, path, wanted));
  }

  private static SafetensorsHeader.Section section(FileParts.Bytes bytes) {
    return (from, length) -> ByteBuffer.wrap(bytes.at(from, Math.toIntExact(length)));
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

  private static SafetensorsHeader.Section section(byte[] content) {
    return (from, length) -> ByteBuffer.wrap(content, (int) from, (int) length).slice();
  }

  private static SafetensorsHeader.Section mapped(FileChannel channel) {
    return (from, length) -> channel.map(FileChannel.MapMode.READ_ONLY, from, length);
  }

  private static LinkedHashMap<String, HostArray> read(
      SafetensorsHeader.Section content, long size, String name, Predicate<String> wanted)
      throws IOException {
    LinkedHashMap<String, HostArray> arrays = new LinkedHashMap<>();
    for (Map.Entry<String, SafetensorsHeader.Place> tensor :
        SafetensorsHeader.read(content, size, name).places().entrySet()) {
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
   * What the file says of itself beside its arrays.
   *
   * @param name what to call the content in errors
   */
  public static Map<String, String> metadata(byte[] content, String name) {
    try {
      return SafetensorsHeader.read(section(content), content.length, name).metadata();
    } catch (IOException e) {
      throw new UncheckedIOException(name + ": " + e.getMessage(), e);
    }
  }

  /** What a local file says of itself beside its arrays. */
  public static Map<String, String> metadata(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return SafetensorsHeader.read(mapped(channel), channel.size(), file.toString()).metadata();
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /** Writes arrays in the map's order; closes nothing. */
  public static void write(
      OutputStream out, Map<String, HostArray> arrays, Map<String, String> metadata)
      throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = header.putObject(SafetensorsHeader.METADATA);
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
