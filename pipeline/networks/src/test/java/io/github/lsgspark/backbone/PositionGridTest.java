package io.github.lsgspark.backbone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.torch.ArrayOps.Resampling;
import io.github.lsgspark.torch.HostArray;
import org.junit.jupiter.api.Test;

/** Against timm's way: F.interpolate(mode="bicubic", antialias=True) of PyTorch 2.13. */
class PositionGridTest {
  private static final float[] TO_FIVE = {
    -0.78f,
    -0.04f,
    0.874525f,
    -0.733393f,
    0.603568f,
    -0.006607f,
    0.129811f,
    1.022264f,
    -0.251791f,
    0.645781f,
    -0.450943f,
    0.277551f,
    0.101163f,
    -0.515838f,
    0.197163f,
    -0.198609f,
    0.282388f,
    0.313881f,
    -0.060664f,
    0.516553f,
    -0.298367f,
    0.59238f,
    -1.031698f,
    -0.139245f,
    -0.376716f,
    -0.435672f,
    0.56f,
    -0.72f,
    0.275672f,
    0.216717f,
    -0.020755f,
    0.871698f,
    -0.85136f,
    0.145193f,
    -0.157828f,
    -0.13511f,
    0.837612f,
    -0.532836f,
    0.557333f,
    -0.392937f,
    0.256857f,
    -0.254337f,
    -0.601509f,
    0.290943f,
    0.053472f,
    0.091791f,
    0.990189f,
    -0.289811f,
    0.70586f,
    -0.763568f,
    0.409434f,
    -1.034525f
  };
  private static final float[] TO_THREE = {
    -0.78f,
    -0.04f,
    0.331925f,
    -0.069941f,
    -0.227711f,
    0.006673f,
    0.082833f,
    -0.081181f,
    0.078411f,
    -0.16229f,
    -0.079384f,
    0.113266f,
    0.061517f,
    -0.055973f,
    -0.175954f,
    0.316834f,
    0.163602f,
    -0.107502f,
    -0.302212f,
    0.008558f
  };

  @Test
  void aGridGrowsAndShrinksAsInPyTorch() {
    requireClose(resampled(positions(3), 5), TO_FIVE);
    requireClose(resampled(positions(7), 3), TO_THREE);
  }

  @Test
  void whatIsNoSquareStaysAsItIs() {
    HostArray odd = HostArray.of(new float[6], 1, 3, 2);
    assertThat(resampled(odd, 2)).isSameAs(odd);
  }

  private static HostArray resampled(HostArray positions, int side) {
    return PositionGrid.resampled(positions, 1, side, side, Resampling.BICUBIC_ANTIALIAS);
  }

  private static HostArray positions(int grid) {
    float[] values = new float[(1 + grid * grid) * 2];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 37 + 11) % 101 / 50f - 1;
    }
    return HostArray.of(values, 1, 1 + (long) grid * grid, 2);
  }

  private static void requireClose(HostArray actual, float[] expected) {
    float[] values = actual.floats();
    assertThat(values).hasSameSizeAs(expected);
    for (int i = 0; i < values.length; i++) {
      assertThat(values[i]).as("place " + i).isCloseTo(expected[i], within(2e-6f));
    }
  }
}
