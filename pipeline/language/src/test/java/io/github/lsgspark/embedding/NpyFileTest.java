package io.github.lsgspark.embedding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.HostArray;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NpyFileTest {

  static byte[] npy(int version, String header, byte[] data) {
    byte[] text = (header + "\n").getBytes(StandardCharsets.UTF_8);
    ByteBuffer buffer =
        ByteBuffer.allocate((version == 1 ? 10 : 12) + text.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      buffer.putShort((short) text.length);
    } else {
      buffer.putInt(text.length);
    }
    return buffer.put(text).put(data).array();
  }

  static String header(String descr, String shape) {
    return "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
  }

  static byte[] floats(float... values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    buffer.asFloatBuffer().put(values);
    return buffer.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void readsEveryVersion(int version) {
    HostArray array =
        NpyFile.read(npy(version, header("<f4", "(2, 3)"), floats(1, 2, 3, 4, 5, 6)), "x.npy");
    assertThat(array.shape()).containsExactly(2, 3);
    assertThat(array.floats()).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void readsHalvesAndDoubles() {
    byte[] halves = {0x00, 0x3C, 0x00, (byte) 0xC0, 0x01, 0x00};
    assertThat(NpyFile.read(npy(1, header("<f2", "(3,)"), halves), "x.npy").doubles())
        .containsExactly(1.0, -2.0, 0x1p-24);
    ByteBuffer doubles = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    doubles.putDouble(0, 0.1);
    assertThat(NpyFile.read(npy(1, header("<f8", "(1, 1)"), doubles.array()), "x.npy").doubles())
        .containsExactly(0.1);
  }

  @Test
  void refusesWhatItCannotReadAndNamesTheFile() {
    byte[] good = npy(1, header("<f4", "(1, 2)"), floats(1, 2));
    assertThatThrownBy(() -> NpyFile.read(new byte[4], "x.npy")).hasMessageContaining("x.npy");
    assertThatThrownBy(() -> NpyFile.read(Arrays.copyOf(good, good.length - 1), "x.npy"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("needs 8 bytes, there are 7");
    assertThatThrownBy(() -> NpyFile.read(npy(1, header("|O", "(1,)"), new byte[8]), "x.npy"))
        .hasMessageContaining("element type must be one of");
    String fortran = header("<f4", "(1, 2)").replace("False", "True");
    assertThatThrownBy(() -> NpyFile.read(npy(1, fortran, floats(1, 2)), "x.npy"))
        .hasMessageContaining("Fortran order");
    assertThatThrownBy(() -> NpyFile.read(npy(1, "{'shape': 3}", floats(1, 2)), "x.npy"))
        .hasMessageContaining("header");
    byte[] pointer = "version https://git-lfs.github.com/spec/v1".getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> NpyFile.read(pointer, "x.npy"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("x.npy: is a Git LFS pointer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"(9223372036854775807, 9)", "(99999999999999999999,)", "(4294967296, 4294967296)"})
  void shapesThatOverflowAreDamage(String shape) {
    assertThatThrownBy(() -> NpyFile.read(npy(1, header("<f4", shape), floats(1, 2)), "x.npy"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("x.npy: not a sound .npy file");
  }
}
