package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What the program was compiled against. With another Scala, or another Spark but for patches, it
 * would fail somewhere midway for want of a method.
 *
 * @param spark like 4.2.0
 * @param scala like 2.13
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
    if (!minor(spark).equals(minor(sparkHere)) || !scalaHere.startsWith(scala + ".")) {
      throw LsgException.environment(
          "this program was built for Spark %s and Scala %s, but Spark %s with Scala %s runs it; %s"
              .formatted(spark, scala, sparkHere, scalaHere, remedy(sparkHere, scalaHere)),
          null);
    }
  }

  /** Newest version of Java that this Spark names. */
  int newestJava() {
    return spark.startsWith("3.") ? 21 : 25;
  }

  private static String remedy(String sparkHere, String scalaHere) {
    if (minor(sparkHere).equals("4.2")) {
      return "build it without -Pspark-3 (see docs/operations.md)";
    }
    return minor(sparkHere).equals("3.5") && scalaHere.startsWith("2.12.")
        ? "build it with -Pspark-3 (see docs/operations.md)"
        : "use a Spark installation of these versions";
  }

  /** Like 4.2. */
  private static String minor(String version) {
    return version.substring(0, version.indexOf('.', version.indexOf('.') + 1));
  }

  @Override
  public String toString() {
    return "Spark " + spark + ", Scala " + scala;
  }
}
