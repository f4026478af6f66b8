package io.github.lsgspark.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import org.junit.jupiter.api.Test;

class SparkCompatibilityTest {
  private static final SparkCompatibility SPARK_3 = new SparkCompatibility("3.5.9", "2.12");
  private static final SparkCompatibility SPARK_4 = new SparkCompatibility("4.2.0", "2.13");

  @Test
  void whatIsReadIsWhatTheTestsRunOn() {
    SparkCompatibility built = SparkCompatibility.read();
    assertThat(built.spark()).isEqualTo(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    assertThat(scala.util.Properties.versionNumberString()).startsWith(built.scala() + ".");
  }

  @Test
  void anotherPatchReleaseWillDo() {
    assertThatCode(() -> SPARK_3.require("3.5.7", "2.12.18")).doesNotThrowAnyException();
    assertThatCode(() -> SPARK_4.require("4.2.1", "2.13.19")).doesNotThrowAnyException();
  }

  @Test
  void anotherScalaOrAnotherVersionIsExit4() {
    assertThatThrownBy(() -> SPARK_3.require("4.2.0", "2.13.18"))
        .isInstanceOfSatisfying(
            LsgException.class, e -> assertThat(e.exitCode()).isEqualTo(LsgException.ENVIRONMENT))
        .hasMessage(
            "this program was built for Spark 3.5.9 and Scala 2.12, but Spark 4.2.0 with Scala"
                + " 2.13.18 runs it; build it without -Pspark-3 (see docs/operations.md)");
    assertThatThrownBy(() -> SPARK_4.require("3.5.5", "2.12.18"))
        .isInstanceOf(LsgException.class)
        .hasMessageEndingWith("build it with -Pspark-3 (see docs/operations.md)");
    // Spark 3.5 is also published for Scala 2.13.
    assertThatThrownBy(() -> SPARK_3.require("3.5.5", "2.13.8"))
        .isInstanceOf(LsgException.class)
        .hasMessageEndingWith("use a Spark installation of these versions");
    assertThatThrownBy(() -> SPARK_4.require("4.0.1", "2.13.16"))
        .isInstanceOf(LsgException.class)
        .hasMessageEndingWith("use a Spark installation of these versions");
  }
}
