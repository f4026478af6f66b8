package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Whatever this machine is: what is said of bfloat16 does not go beyond what the flags allow. */
class Bfloat16SpeedTest {
  @Test
  void onlyWhatTheProcessorHasIsMeasured() {
    assertThat(Bfloat16Speed.millis(Dtype.FLOAT32)).isBetween(1e-3, 1e4);
    assertThat(Bfloat16Speed.millis(Dtype.BFLOAT16)).isBetween(1e-3, 1e5);
    assertThat(CpuFeatures.hasBfloat16Products() || !Bfloat16Speed.ofProducts()).isTrue();
    assertThat(Bfloat16Speed.ofProducts() || !Bfloat16Speed.ofMatrixUnits()).isTrue();
    // The same however often it is asked.
    assertThat(Bfloat16Speed.ofProducts()).isEqualTo(Bfloat16Speed.ofProducts());
  }
}
