package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.NativeTorch;
import io.github.lsgspark.torch.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Positions of DINOv2's 518 pixels at other sizes, against the public code's functions. */
@Tag("real-data")
class PositionGridGoldenTest {
  private static final Path GOLDEN =
      Path.of(System.getProperty("lsg.shared.dir", "../../shared"), "towers", "posembed");

  @BeforeAll
  static void load() {
    NativeTorch.load();
  }

  @ParameterizedTest
  @CsvSource({
    "bicubic_plain, BICUBIC, 1",
    "bicubic_antialias, BICUBIC_ANTIALIAS, 1",
    "bilinear_antialias, BILINEAR_ANTIALIAS, 0",
  })
  void everyRuleIsThatOfThePublicCode(String name, Resampling by, int tokens) {
    Map<String, HostArray> golden = Safetensors.map(GOLDEN.resolve("golden.safetensors"));
    double[] all = golden.get("pos_embed").doubles();
    int width = (int) golden.get("pos_embed").shape()[2];
    double[] taken = Arrays.copyOfRange(all, (1 - tokens) * width, all.length);
    float[] values = new float[taken.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) taken[i];
    }
    HostArray positions = HostArray.of(values, 1, values.length / width, width);
    for (int[] grid : new int[][] {{16, 16}, {12, 20}, {40, 37}}) {
      HostArray expected = golden.get(name + "." + grid[0] + "x" + grid[1]);
      HostArray actual = PositionGrid.resampled(positions, tokens, grid[0], grid[1], by);
      assertThat(actual.shape()).isEqualTo(expected.shape());
      double[] numbers = actual.doubles();
      double[] wanted = expected.doubles();
      for (int i = 0; i < wanted.length; i++) {
        assertThat(Math.abs(numbers[i] - wanted[i])).isLessThan(1e-5);
      }
    }
  }
}
