package io.github.lsgspark.testing;

import org.apache.spark.sql.SparkSession;

/** The local session that the tests of this JVM share: one JVM holds one SparkContext. */
public final class LocalSpark {
  private LocalSpark() {}

  /** The session now running, or a new one. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("lsg-tests")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate();
  }

  /** Ends the session that an earlier test left, for a test that needs one of its own. */
  public static void stop() {
    if (SparkSession.getDefaultSession().isDefined()) {
      SparkSession.getDefaultSession().get().stop();
    }
  }
}
