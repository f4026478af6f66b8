package io.github.lsgspark.jobs;

import io.github.lsgspark.storage.LocalFiles;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/**
 * Starts Spark when a stage first needs it: a run that skips every stage never does.
 *
 * <p>Under spark-submit the master comes with the JVM's properties; without, the program itself is
 * the driver and local mode the default. Safe for several threads.
 */
final class SparkLauncher implements AutoCloseable {
  private final String master;
  private final Map<String, String> configured;
  private final Map<String, String> extra;
  private SparkSession session;
  private Configuration hadoop;
  private boolean sharing;

  SparkLauncher(String master, Map<String, String> extra) {
    this(master, Map.of(), extra);
  }

  /**
   * @param master of the command line; null: Spark's own property, or local mode
   * @param configured Spark's properties in the configuration
   * @param extra those of the command line, which go before all others
   */
  SparkLauncher(String master, Map<String, String> configured, Map<String, String> extra) {
    this.master = master;
    this.configured = Map.copyOf(configured);
    this.extra = Map.copyOf(extra);
    LocalFiles.install(hadoop());
  }

  /** The properties that the session has, or will have. */
  SparkConf conf() {
    SparkConf conf = new SparkConf();
    extra.forEach(conf::set);
    // Under spark-submit, its command line holds these already.
    configured.forEach(conf::setIfMissing);
    if (!conf.contains("spark.master")) {
      conf.setMaster(master == null ? "local[*]" : master);
    }
    conf.setIfMissing("spark.app.name", "lsg");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    conf.setIfMissing("spark.sql.session.timeZone", "UTC");
    // Pages of a table are held against the checksums that their writer has put there.
    conf.setIfMissing("spark.hadoop.parquet.page.verify-checksum.enabled", "true");
    if (sharing) {
      conf.setIfMissing("spark.scheduler.mode", "FAIR");
    }
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "127.0.0.1");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
      conf.setIfMissing("spark.sql.shuffle.partitions", "8");
      // A stage of the pipeline is not repeated by luck in local mode: one failure tells all.
      conf.setIfMissing("spark.task.maxFailures", "1");
    }
    return conf;
  }

  /** Lets jobs of several threads share the tasks' places fairly; before the session starts. */
  synchronized void shareFairly() {
    if (session != null) {
      throw new IllegalStateException("Spark runs already");
    }
    sharing = true;
  }

  String master() {
    return conf().get("spark.master");
  }

  /** The Hadoop configuration that the session will have, without starting it. */
  synchronized Configuration hadoop() {
    if (session != null) {
      return session.sparkContext().hadoopConfiguration();
    }
    if (hadoop == null) {
      // Each new one has all of Hadoop's defaults parsed anew.
      hadoop = new Configuration();
      for (scala.Tuple2<String, String> pair : conf().getAllWithPrefix("spark.hadoop.")) {
        hadoop.set(pair._1(), pair._2());
      }
    }
    return hadoop;
  }

  synchronized SparkSession session() {
    if (session == null) {
      SparkCompatibility.read()
          .require(
              org.apache.spark.package$.MODULE$.SPARK_VERSION(),
              scala.util.Properties.versionNumberString());
      session = SparkSession.builder().config(conf()).getOrCreate();
    }
    return session;
  }

  @Override
  public synchronized void close() {
    if (session != null) {
      session.stop();
      // Some functions of Spark look for a thread's session, which must not be one that has ended.
      SparkSession.clearActiveSession();
      session = null;
    }
  }
}
