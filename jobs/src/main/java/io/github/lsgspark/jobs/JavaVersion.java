package io.github.lsgspark.jobs;

import io.github.lsgspark.config.LsgException;
import java.util.Optional;

/** Which Java Spark runs on; submit/lsg says the same before it starts one. */
final class JavaVersion {
  private static final int OLDEST = 17;

  private JavaVersion() {}

  /** What is wrong with a version, if anything. */
  static Optional<String> problem(int feature) {
    int newest = SparkCompatibility.read().newestJava();
    if (feature >= OLDEST && feature <= newest) {
      return Optional.empty();
    }
    return Optional.of(
        "Spark runs on Java "
            + OLDEST
            + " to "
            + newest
            + ", but this is version "
            + feature
            + " ("
            + System.getProperty("java.home")
            + "): set JAVA_HOME to a JDK of these versions");
  }

  /**
   * @throws LsgException exit 4 if Spark does not run on this Java
   */
  static void require() {
    problem(Runtime.version().feature())
        .ifPresent(
            problem -> {
              throw LsgException.environment(problem, null);
            });
  }
}
