package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostArrayTest {
  private static HostArray halves(Dtype dtype, int... bits) {
    ByteBuffer data = ByteBuffer.allocate(2 * bits.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int value : bits) {
      data.putShort((short) value);
    }
    return new HostArray(dtype, new long[] {bits.length}, data.flip());
  }

  @Test
  void halvesWidenExactly() {
    float[] values =
        halves(Dtype.FLOAT16, 0x3C00, 0xC000, 0x7BFF, 0x0001, 0x8000, 0x03FF, 0x7C00, 0x7E00)
            .floats();
    assertThat(values)
        .containsExactly(
            1f, -2f, 65504f, 0x1p-24f, -0f, 1023 * 0x1p-24f, Float.POSITIVE_INFINITY, Float.NaN);
  }

  @Test
  void bfloat16IsTheUpperHalfOfAFloat() {
    assertThat(halves(Dtype.BFLOAT16, 0x3F80, 0xC049, 0x0000).doubles())
        .containsExactly(1, Float.intBitsToFloat(0xC0490000), 0);
  }

  @Test
  void bytesAreUnsigned() {
    HostArray bytes =
        new HostArray(Dtype.UINT8, new long[] {2}, ByteBuffer.wrap(new byte[] {(byte) 255, 1}));
    assertThat(bytes.doubles()).containsExactly(255, 1);
  }

  private static byte[] file(String header, int bytes) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + json.length + bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .array();
  }

  @Test
  void aScalarHasAnEmptyShape() throws IOException {
    byte[] content =
        file("{'n':{'dtype':'I64','shape':[],'data_offsets':[0,8]}}".replace('\'', '"'), 8);
    HostArray array = Safetensors.read(content, "memory").get("n");
    assertThat(array.shape()).isEmpty();
    assertThat(array.doubles()).containsExactly(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Safetensors.write(out, Map.of("n", array), Map.of());
    assertThat(Safetensors.read(out.toByteArray(), "memory")).containsEntry("n", array);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[0,4]}}",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}}",
        "{'w':{'dtype':'F32','shape':[2],'data_offsets':[-4,4]}}",
        "{'w':{'dtype':'F32','shape':[-2],'data_offsets':[8,0]}}",
        "{'w':{'dtype':'F32','shape':[4611686018427387905,2],'data_offsets':[0,8]}}",
        "{'w':{'dtype':'Q4','shape':[2],'data_offsets':[0,8]}}",
        "not json"
      })
  void aDamagedHeaderIsRefusedByNameNotByCrash(String header) {
    byte[] content = file(header.replace('\'', '"'), 8);
    assertThatThrownBy(() -> Safetensors.read(content, "odd.safetensors"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("odd.safetensors");
  }

  @Test
  void aHeaderThatClaimsMoreThanTheFileIsRefused() {
    byte[] content = file("{}", 0);
    ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putLong(0, Long.MAX_VALUE);
    assertThatThrownBy(() -> Safetensors.read(content, "odd.safetensors"))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("odd.safetensors");
  }
}
