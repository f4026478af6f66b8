package io.github.lsgspark.storage;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;

/**
 * Tells every few seconds how much of a distributed pass is done, how fast it goes and how long the
 * rest takes.
 */
public final class TaskProgress implements AutoCloseable {
  private static final int SECONDS = 5;

  private final Logger log;
  private final String verb;
  private final String units;
  private final long total;
  private final LongAccumulator done;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private long told;

  /**
   * @param log whose lines these are
   * @param verb what is done, such as "Embedded"
   * @param units what is counted, such as "tokens"
   * @param total how many there are in all
   */
  public TaskProgress(SparkContext spark, Logger log, String verb, String units, long total) {
    this.log = log;
    this.verb = verb;
    this.units = units;
    this.total = total;
    this.done = spark.longAccumulator(verb.toLowerCase(Locale.ROOT) + " " + units);
    var unused = timer.scheduleWithFixedDelay(this::tell, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** Where tasks add what is done; their sum arrives as each task ends. */
  public LongAccumulator done() {
    return done;
  }

  /** Seconds since the start. */
  public double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void tell() {
    long now = done.value();
    if (now > told) {
      told = now;
      double rate = now / seconds();
      log.info(
          String.format(
              Locale.ROOT,
              "%s %,d of %,d %s (%d %%), %,.0f %s/s, %.0f s left",
              verb,
              now,
              total,
              units,
              100 * now / total,
              rate,
              units,
              Math.max(0, total - now) / rate));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
