package io.github.lsgspark.training.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NativeFaultTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Command exited with code 134 | true",
        "Container from a bad node: container_1. Exit status: 134. Diagnostics: Aborted | true",
        "The executor with id 2 exited with exit code 139(SIGSEGV). | true",
        "Command exited with code 137 | false",
        "Command exited with code 1343 | false",
        "Worker shutting down | false",
      })
  void sparksReasonSaysWhetherNativeCodeEndedAnExecutor(String reason, boolean fault) {
    String explained = NativeFault.explained(reason);
    assertThat(explained).startsWith(reason);
    assertThat(explained.contains("hs_err_pid*.log")).isEqualTo(fault);
  }
}
