package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the program was compiled against. Another Scala, or another major version of Spark, would
 * fail somewhere midway for want of a method.
 *
 * @param spark like 3.5.5
 * @param scala like 2.12
 */
record SparkCompatibility(String spark, String scala) {
  private static final String FILE = "built-for.properties";

  /** As Maven wrote it. */
  static SparkCompatibility read() {
    Properties properties = new Properties();
    try (InputStream in = SparkCompatibility.class.getResourceAsStream(FILE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(FILE + ": " + e.getMessage(), e);
    }
    return new SparkCompatibility(properties.getProperty("spark"), properties.getProperty("scala"));
  }

  /**
   * @param sparkHere version that runs
   * @param scalaHere version that runs
   * @throws LsgException exit 4 if the program cannot work on these
   */
  void require(String sparkHere, String scalaHere) {
    if (!major(spark).equals(major(sparkHere)) || !scalaHere.startsWith(scala + ".")) {
      throw LsgException.environment(
          "this program was built for Spark %s and Scala %s, but Spark %s with Scala %s runs it; %s"
              .formatted(
                  spark,
                  scala,
                  sparkHere,
                  scalaHere,
                  major(sparkHere).equals("4")
                      ? "build it with -Pspark-4 (see docs/operations.md)"
                      : "use a Spark installation of these versions"),
          null);
    }
  }

  private static String major(String version) {
    return version.substring(0, version.indexOf('.'));
  }

  @Override
  public String toString() {
    return "Spark " + spark + ", Scala " + scala;
  }
}
