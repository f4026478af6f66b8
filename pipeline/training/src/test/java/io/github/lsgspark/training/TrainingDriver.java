package io.github.lsgspark.training;

import io.github.lsgspark.testing.LocalSpark;
import java.nio.file.Path;
import org.apache.spark.sql.SparkSession;

/** A program that trains in local mode, for tests that send signals to it. */
final class TrainingDriver {
  private TrainingDriver() {}

  /**
   * Trains once in a JVM of its own.
   *
   * @param arguments folder, changes of the configuration, name of the training
   */
  public static void main(String[] arguments) {
    SparkSession spark = LocalSpark.session();
    new TinyTraining(spark, Path.of(arguments[0])).run(arguments[1], arguments[2]);
    spark.stop();
    System.exit(0);
  }
}
