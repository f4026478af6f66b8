package io.github.lsgspark.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.graph.CsrMatrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;

/** Reference numbers of one size: the official maths run in double on stored float inputs. */
public final class GoldenCase {
  /** Opens a file by its name; the cases that ship with the tests may lie in a jar. */
  private interface Files {
    InputStream open(String name) throws IOException;
  }

  private final String name;
  private final Files files;
  private final JsonNode meta;

  private GoldenCase(String name, Files files) {
    this.name = name;
    this.files = files;
    try {
      meta = new ObjectMapper().readTree(read("meta.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private byte[] read(String file) {
    try (InputStream in = files.open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(file, e);
    }
  }

  /** C = 5, P = 4, D = 16; ships with the tests. */
  public static GoldenCase small() {
    return resource("small_c5p4d16");
  }

  /** C = 30, P = 20, D = 64; ships with the tests. */
  public static GoldenCase medium() {
    return resource("medium_c30p20d64");
  }

  /** C = 100, P = 20, D = 1024; lies beside the project, for tests tagged real-data. */
  public static GoldenCase aircraft() {
    String name = "aircraft_c100p20d1024";
    Path folder = Path.of(System.getProperty("lsg.shared.dir"), "golden", name);
    return new GoldenCase(name, file -> java.nio.file.Files.newInputStream(folder.resolve(file)));
  }

  private static GoldenCase resource(String name) {
    return new GoldenCase(
        name, file -> GoldenCase.class.getResourceAsStream("/golden/" + name + "/" + file));
  }

  public int param(String name) {
    return meta.path("params").path(name).asInt();
  }

  public double decimal(String name) {
    return meta.path("params").path(name).asDouble();
  }

  public double scalar(String name) {
    JsonNode value = meta.path("scalars").path(name);
    if (value.isMissingNode()) {
      throw new IllegalArgumentException("no scalar " + name);
    }
    return value.asDouble();
  }

  public boolean has(String key) {
    return meta.path("arrays").has(key);
  }

  /** Values of an array of any element type. */
  public double[] doubles(String key) {
    JsonNode entry = meta.path("arrays").path(key);
    ByteBuffer data =
        ByteBuffer.wrap(read(entry.path("file").asText())).order(ByteOrder.LITTLE_ENDIAN);
    return switch (entry.path("dtype").asText()) {
      case "f32" -> fill(data.remaining() / 4, i -> data.getFloat(4 * i));
      case "f64" -> fill(data.remaining() / 8, i -> data.getDouble(8 * i));
      case "i32" -> fill(data.remaining() / 4, i -> data.getInt(4 * i));
      case "i16" -> fill(data.remaining() / 2, i -> data.getShort(2 * i));
      case "i8" -> fill(data.remaining(), i -> data.get(i));
      default -> throw new IllegalArgumentException(key + ": " + entry);
    };
  }

  private static double[] fill(int size, java.util.function.IntToDoubleFunction value) {
    double[] values = new double[size];
    Arrays.setAll(values, value);
    return values;
  }

  public int[] ints(String key) {
    return Arrays.stream(doubles(key)).mapToInt(v -> (int) v).toArray();
  }

  /** Text embeddings [C P, D], {@code text_train} or {@code text_test}, decoded if need be. */
  public double[] text(String key) {
    if (has(key)) {
      return doubles(key);
    }
    double[] codes = doubles(key + "_code");
    int d = param("D");
    for (int row = 0; row < codes.length / d; row++) {
      double squares = 0;
      for (int j = 0; j < d; j++) {
        squares += codes[row * d + j] * codes[row * d + j];
      }
      double length = Math.sqrt(squares);
      for (int j = 0; j < d; j++) {
        codes[row * d + j] = (float) (codes[row * d + j] / length);
      }
    }
    return codes;
  }

  /** Weights {@code W1_init}, {@code s2_W2} ..., decoded if need be. */
  public double[] weights(String key) {
    if (has(key)) {
      return doubles(key);
    }
    double scale = Math.pow(2, scalar(key + "_exponent"));
    return Arrays.stream(doubles(key + "_code")).map(code -> code * scale).toArray();
  }

  /** The selected edges of a graph variant with their weights. */
  public CsrMatrix graph(String kind) {
    return sparse(kind, "_dense", "_val");
  }

  /** The normalised adjacency of a graph variant. */
  public CsrMatrix normalized(String kind) {
    return sparse(kind, "_adj_dense", "_adj_val");
  }

  private CsrMatrix sparse(String kind, String dense, String values) {
    int n = param("N");
    if (!has(kind + dense)) {
      return CsrMatrix.of(n, ints(kind + "_row"), ints(kind + "_col"), doubles(kind + values));
    }
    double[] pattern = doubles(kind + "_dense");
    double[] cells = doubles(kind + dense);
    int[] kept = java.util.stream.IntStream.range(0, n * n).filter(i -> pattern[i] != 0).toArray();
    return CsrMatrix.of(
        n,
        Arrays.stream(kept).map(i -> i / n).toArray(),
        Arrays.stream(kept).map(i -> i % n).toArray(),
        Arrays.stream(kept).mapToDouble(i -> cells[i]).toArray());
  }

  @Override
  public String toString() {
    return name;
  }
}
