package io.github.lsgspark.benchmark;

import org.apache.spark.sql.SparkSession;

/** The least that a program on Spark does: a session, one job of one task, the end. */
public final class BareSpark {
  private BareSpark() {}

  public static void main(String[] args) {
    SparkSession spark =
        SparkSession.builder().master("local[2]").config("spark.ui.enabled", "false").getOrCreate();
    long rows = spark.range(0, 10, 1, 1).count();
    spark.stop();
    System.exit(rows == 10 ? 0 : 1);
  }
}
