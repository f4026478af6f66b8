package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class OnnxExternalDataTest {

  private static byte[] field(int number, byte[]... contents) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
    varint(out, number << 3 | 2);
    varint(out, length);
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  private static void varint(ByteArrayOutputStream out, int value) {
    int rest = value;
    while (rest >= 0x80) {
      out.write(rest & 0x7F | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  private static byte[] text(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] tensor(String location) {
    byte[] dims = {8, 3};
    byte[] place = field(13, text(1, "location"), text(2, location));
    byte[] offset = field(13, text(1, "offset"), text(2, "12"));
    byte[] dataLocation = {14 << 3, 1};
    return concat(dims, text(8, "name"), place, offset, dataLocation);
  }

  private static byte[] concat(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  private static Set<String> locations(byte[] model) throws IOException {
    return OnnxExternalData.locations(new ByteArrayInputStream(model), model.length, "m.onnx");
  }

  @Test
  void everyTensorsPlaceIsFoundHoweverDeep() throws IOException {
    byte[] inside = concat(new byte[] {8, 1}, field(9, new byte[100_000]));
    byte[] branch = field(5, text(1, "then_branch"), field(6, field(5, tensor("deep/w.bin"))));
    byte[] constant = field(5, text(1, "value"), field(5, tensor("constant")));
    byte[] graph =
        field(
            7,
            field(5, inside),
            field(5, tensor("weights.bin")),
            field(5, tensor("weights.bin")),
            field(1, text(4, "If"), branch),
            field(1, text(4, "Constant"), constant),
            field(15, field(1, tensor("sparse"))));
    byte[] function = field(25, field(7, field(5, field(5, tensor("of-a-function")))));
    byte[] model = concat(new byte[] {8, 7}, text(2, "producer"), graph, function);
    assertThat(locations(model))
        .containsExactly("constant", "deep/w.bin", "of-a-function", "sparse", "weights.bin");
    for (int length : new int[] {1, 7, 100, model.length - 1}) {
      assertThatThrownBy(() -> locations(Arrays.copyOf(model, length)))
          .isInstanceOf(LsgException.class)
          .hasMessageContaining("m.onnx: is no ONNX graph, damaged or cut off at byte");
    }
  }

  @Test
  void whatIsNoGraphIsRefused() {
    assertThatThrownBy(() -> locations("<!DOCTYPE html><html>".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(LsgException.class);
  }
}
