package io.github.lsgspark.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ludovic.netlib.blas.NativeBLAS;
import dev.ludovic.netlib.lapack.NativeLAPACK;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SystemBlasTest {
  private static final String NOT_LOADED = "(?s).*native( BLAS| LAPACK)? implementation.*";

  @Test
  void noBlasButLibtorchsOwnIsLoaded() throws IOException {
    NativeTorch.load();
    assertThatThrownBy(NativeLAPACK::getInstance).hasMessageMatching(NOT_LOADED);
    assertThatThrownBy(NativeBLAS::getInstance).hasMessageMatching(NOT_LOADED);
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .anyMatch(line -> line.contains("libopenblas"))
        .noneMatch(line -> line.matches(".*/lib(blas|lapack)\\.so.*"));
  }
}
