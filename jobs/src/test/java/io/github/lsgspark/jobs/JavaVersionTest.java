package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JavaVersionTest {
  @Test
  void aVersionOfJavaThatSparkDoesNotRunOnIsNamed() {
    assertThat(JavaVersion.problem(17)).isEmpty();
    assertThat(JavaVersion.problem(21)).isEmpty();
    int newest = SparkCompatibility.read().newestJava();
    assertThat(newest).isIn(21, 25);
    assertThat(JavaVersion.problem(newest)).isEmpty();
    assertThat(JavaVersion.problem(26))
        .hasValueSatisfying(
            problem ->
                assertThat(problem)
                    .contains("Java 17 to " + newest, "version 26", "set JAVA_HOME"));
    assertThat(JavaVersion.problem(11)).isPresent();
  }
}
