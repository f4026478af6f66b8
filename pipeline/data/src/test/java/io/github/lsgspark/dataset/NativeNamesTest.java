package io.github.lsgspark.dataset;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class NativeNamesTest {
  @Test
  void aNameThatTheLocaleDoesNotHaveIsExitFourAndNoMissingFile() {
    assertThatCode(() -> NativeNames.require("/data/red fox/1.png", StandardCharsets.US_ASCII))
        .doesNotThrowAnyException();
    assertThatCode(() -> NativeNames.require("/data/赤い狐/1.png", StandardCharsets.UTF_8))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> NativeNames.require("/data/赤い狐/1.png", StandardCharsets.US_ASCII))
        .isInstanceOfSatisfying(
            LsgException.class, e -> Assertions.assertThat(e.exitCode()).isEqualTo(4))
        .hasMessageContaining("/data/赤い狐/1.png")
        .hasMessageContaining("LC_ALL=C.UTF-8");
  }
}
