package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.TrainSettings.Normalization;
import io.github.lsgspark.torch.HostArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which of a file's tensors are a classifier on features, under the names that people publish. */
class SourceClassifierTest {
  private static final int DIMENSION = 4;

  private static HostArray drawn(long... shape) {
    int size = 1;
    for (long side : shape) {
      size *= (int) side;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = i + 1;
    }
    return HostArray.of(values, shape);
  }

  private static PretrainedWeights weights(Map<String, HostArray> heads) {
    return new PretrainedWeights(
        Map.of(), Normalization.IMAGENET, "", List.of(), List.of(), heads, 0.5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fc", "head", "classifier", "linear", "head.fc", "classifier.1"})
  void oneMatrixOnFeaturesIsFound(String name) {
    Map<String, HostArray> heads = new LinkedHashMap<>();
    heads.put(name + ".bias", drawn(3));
    heads.put(name + ".weight", drawn(3, DIMENSION));
    heads.put("projector.weight", drawn(7, DIMENSION));
    SourceClassifier found = weights(heads).classifier(DIMENSION, "a.safetensors");
    assertThat(found.classes()).isEqualTo(3);
    assertThat(found.weight()).isEqualTo(drawn(3, DIMENSION));
    assertThat(found.bias()).isEqualTo(drawn(3));
    assertThat(found.scale()).isEqualTo(0.5);
  }

  @Test
  void oneWithoutBiasHasZeros() {
    SourceClassifier found =
        weights(Map.of("fc.weight", drawn(3, DIMENSION))).classifier(DIMENSION, "a");
    assertThat(found.bias().floats()).containsOnly(0).hasSize(3);
  }

  /** A convolution before the mean, another width, a layer before it, two of them. */
  @ParameterizedTest
  @CsvSource({
    "classifier.1.weight, '3,4,1,1', classifier.1.bias, '3'",
    "fc.weight, '3,5', fc.bias, '3'",
    "classifier.dense.weight, '3,4', classifier.layernorm.weight, '4'",
    "fc.weight, '3,4', head.weight, '2,4'",
  })
  void othersAreRefusedByNameAndShape(String first, String shape, String second, String other) {
    Map<String, HostArray> heads = Map.of(first, drawn(sides(shape)), second, drawn(sides(other)));
    assertThatThrownBy(() -> weights(heads).classifier(DIMENSION, "a.safetensors"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.USAGE))
        .hasMessageContaining("a.safetensors")
        .hasMessageContaining("co-tuning")
        .hasMessageContaining(first)
        .hasMessageContaining(second);
  }

  @Test
  void aFileWithoutOneIsRefused() {
    assertThatThrownBy(() -> weights(Map.of()).classifier(DIMENSION, "a.safetensors"))
        .hasMessageContaining("nothing");
  }

  private static long[] sides(String text) {
    String[] parts = text.split(",");
    long[] sides = new long[parts.length];
    for (int i = 0; i < parts.length; i++) {
      sides[i] = Long.parseLong(parts[i]);
    }
    return sides;
  }
}
