package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie about themselves are refused before anything of their size is taken. */
class SafetensorsTest {
  @TempDir Path folder;

  private void refused(byte[] file, String message) throws Exception {
    Path path = Files.write(folder.resolve("weights.safetensors"), file);
    assertThatThrownBy(() -> Safetensors.map(path))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("weights.safetensors: not a sound safetensors file: " + message);
    assertThatThrownBy(() -> Safetensors.read(file, "weights.safetensors"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(message);
  }

  private static byte[] file(long headerLength, String header) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(headerLength)
        .put(json)
        .array();
  }

  /** 2^63 is the least long; all bits set is -1. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, Long.MAX_VALUE, 1L << 40, 1_000})
  void headersLongerThanTheFileAreRefused(long length) throws Exception {
    refused(file(length, "{}"), "its header claims " + length + " bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[9223372036854775807, 9223372036854775807] | [0, 4] | has shape",
        "[4294967296, 4294967296]                   | [0, 4] | has shape",
        "[-1]                                       | [0, 4] | has shape",
        "[1]              | [0, 9223372036854775807]         | lies at bytes",
        "[1]              | [9223372036854775800, 9223372036854775804] | lies at bytes",
        "[1]              | [4, 0]                           | lies at bytes",
        "[1]              | [-4, 0]                          | lies at bytes",
        "[1000000000]     | [0, 4]                           | needs 4000000000 bytes",
      })
  void shapesAndPlacesThatOverflowAreRefused(String shape, String place, String message)
      throws Exception {
    String header =
        "{\"w\": {\"dtype\": \"F32\", \"shape\": "
            + shape
            + ", \"data_offsets\": "
            + place
            + "}}    ";
    byte[] file = file(header.length() - 4L, header);
    assertThatThrownBy(() -> Safetensors.read(file, "weights"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining(message);
  }

  private static byte[] file(String header, int arrays) {
    byte[] start = file(header.length(), header);
    return java.util.Arrays.copyOf(start, start.length + arrays);
  }

  @Test
  void twoTensorsOfOneNameAreRefused() throws Exception {
    String entry = "\"w\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]}";
    refused(
        file("{" + entry + ", " + entry + "}", 4),
        "its header is not sound JSON: Duplicate field 'w'");
  }

  @ParameterizedTest
  @CsvSource({"0, 8, 4, 12", "4, 12, 0, 8", "0, 8, 0, 8"})
  void tensorsAtTheSameBytesAreRefused(int from, int to, int otherFrom, int otherTo) {
    String format = "\"%s\": {\"dtype\": \"F32\", \"shape\": [2], \"data_offsets\": [%d, %d]}";
    String header =
        "{"
            + format.formatted("a", from, to)
            + ", "
            + format.formatted("b", otherFrom, otherTo)
            + "}";
    assertThatThrownBy(() -> Safetensors.read(file(header, 12), "weights"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("weights: not a sound safetensors file: tensors a and b lie at the");
  }

  @Test
  void elementTypesThatNoNetworkComputesWithAreHeldAgainstTheFile() {
    String header =
        "{\"m\": {\"dtype\": \"BOOL\", \"shape\": [3], \"data_offsets\": [0, 3]}, \"w\": {\"dtype\":"
            + " \"F32\", \"shape\": [1], \"data_offsets\": [3, 7]}}";
    assertThat(Safetensors.read(file(header, 7), "weights")).containsOnlyKeys("m", "w");
    String odd = header.replace("BOOL", "X9");
    assertThatThrownBy(() -> Safetensors.read(file(odd, 7), "weights"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("tensor m has element type \"X9\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1 | is a Git LFS pointer",
        "<!DOCTYPE html><html>                      | is an HTML page",
        "<?xml version=\"1.0\"?><Error/>            | is XML",
        "PK\u0003\u0004 and more than eight          | is a zip archive",
        "\u0080\u0002}q and more than eight          | is a Python pickle",
        "GGUF\u0003 and more than eight              | is GGUF, whose weights are rounded",
        "'\u0008\u0008\u0012\u0007pytorch\u001a\u00052.1.0'     | is an ONNX graph",
        "''                                         | is empty",
      })
  void otherFilesAreCalledWhatTheyAre(String text, String message) throws Exception {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    Path path = Files.write(folder.resolve("weights.safetensors"), content);
    assertThatThrownBy(() -> Safetensors.map(path))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.INPUT))
        .hasMessageContaining("weights.safetensors: " + message);
  }
}
