package io.github.lsgspark.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.ByteArrayOutputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of whole models, of which a network takes its half. */
class WeightFilesTest {
  private static final String CONFIG =
      """
      { "model_type": "clip", "projection_dim": 5, "vision_config": {
          "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "patch_size": 8,
          "intermediate_size": 32, "image_size": 16 } }
      """;
  private static final long TEXTS = 3L << 30;

  @TempDir Path folder;
  private final HadoopFiles files = new HadoopFiles(new Configuration());
  private Map<String, HostArray> images;

  @BeforeEach
  void config() throws Exception {
    Files.writeString(folder.resolve("config.json"), CONFIG);
    try (Tower network =
        Towers.of(
            TowerConfig.parse(CONFIG.getBytes(StandardCharsets.UTF_8), "config.json"), 16, 16)) {
      images = network.initialWeights(1);
    }
  }

  /** Sparse, so that it takes no place on disk. */
  private void write(long texts, Map<String, HostArray> rest) throws Exception {
    StringBuilder header = new StringBuilder("{");
    long piece = texts / 4;
    for (int i = 0; i < 4; i++) {
      header.append(
          "\"text_model.encoder.%d\": {\"dtype\": \"F16\", \"shape\": [%d], \"data_offsets\": [%d, %d]},"
              .formatted(i, piece / 2, i * piece, (i + 1) * piece));
    }
    long offset = texts;
    ByteArrayOutputStream arrays = new ByteArrayOutputStream();
    for (Map.Entry<String, HostArray> tensor : rest.entrySet()) {
      StringBuilder shape = new StringBuilder();
      for (long side : tensor.getValue().shape()) {
        shape.append(shape.isEmpty() ? "" : ",").append(side);
      }
      long end = offset + 4L * tensor.getValue().size();
      header.append(
          "\"%s\": {\"dtype\": \"F32\", \"shape\": [%s], \"data_offsets\": [%d, %d]},"
              .formatted(tensor.getKey(), shape, offset, end));
      ByteBuffer data = tensor.getValue().data().duplicate();
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      arrays.write(bytes);
      offset = end;
    }
    byte[] json =
        header
            .replace(header.length() - 1, header.length(), "}")
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
      file.write(
          ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(json.length).array());
      file.write(json);
      file.setLength(8 + json.length + texts);
      file.seek(file.length());
      file.write(arrays.toByteArray());
    }
  }

  @Test
  void ofAFileOfMoreThan2GiBTheNetworksHalfIsRead() throws Exception {
    write(TEXTS, images);
    assertThat(Files.size(folder.resolve("model.safetensors"))).isGreaterThan(TEXTS);
    byte[] content = TowerDirectory.content(files, folder.toString());
    assertThat(Safetensors.read(content, "content"))
        .isEqualTo(new LinkedHashMap<>(images))
        .doesNotContainKey("text_model.encoder.0");
    assertThat(TowerReport.of(TowerDirectory.open(files, folder.toString())).isWhole()).isTrue();
  }

  @Test
  void theTextHalfAloneIsCalledThatByTheReport() throws Exception {
    write(64, Map.of());
    assertThatThrownBy(() -> TowerReport.of(TowerDirectory.open(files, folder.toString())))
        .isInstanceOf(LsgException.class)
        .hasMessageContainingAll(folder.toString(), "the text half alone", "embedding.model");
  }

  @Test
  void whatIsMissingIsNamedWithItsShape() throws Exception {
    images.remove("visual_projection.weight");
    write(64, images);
    TowerReport report = TowerReport.of(TowerDirectory.open(files, folder.toString()));
    assertThat(report.isWhole()).isFalse();
    assertThat(String.join("\n", report.lines()))
        .contains("1, not in the files: visual_projection.weight of [5, 16]");
  }
}
