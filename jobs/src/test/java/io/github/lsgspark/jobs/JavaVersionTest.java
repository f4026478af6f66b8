package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaVersionTest {
  @Test
  void aVersionOfJavaThatSparkDoesNotRunOnIsNamed() {
    assertThat(JavaVersion.problem(17)).isEmpty();
    assertThat(JavaVersion.problem(21)).isEmpty();
    assertThat(JavaVersion.problem(25))
        .hasValueSatisfying(
            problem ->
                assertThat(problem).contains("Java 17 to 21", "version 25", "set JAVA_HOME"));
    assertThat(JavaVersion.problem(11)).isPresent();
  }
}
