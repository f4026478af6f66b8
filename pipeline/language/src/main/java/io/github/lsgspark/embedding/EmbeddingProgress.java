package io.github.lsgspark.embedding;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.apache.spark.util.LongAccumulator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells every few seconds how many tokens went through the model, and how long the rest takes. */
final class EmbeddingProgress implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingProgress.class);
  private static final int SECONDS = 5;

  private final LongAccumulator done;
  private final long tokens;
  private final long start = System.nanoTime();
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private long told;

  /**
   * @param tokens how many there are in all
   */
  EmbeddingProgress(SparkContext spark, long tokens) {
    this.done = spark.longAccumulator("embedded tokens");
    this.tokens = tokens;
    var unused = timer.scheduleWithFixedDelay(this::tell, SECONDS, SECONDS, TimeUnit.SECONDS);
  }

  /** Where tasks add the tokens that are done; their sum arrives as each task ends. */
  LongAccumulator done() {
    return done;
  }

  /** Seconds since the start. */
  double seconds() {
    return (System.nanoTime() - start) / 1e9;
  }

  private void tell() {
    long now = done.value();
    if (now > told) {
      told = now;
      double rate = now / seconds();
      LOG.info(
          String.format(
              Locale.ROOT,
              "Embedded %,d of %,d tokens (%d %%), %,.0f tokens/s, %.0f s left",
              now,
              tokens,
              100 * now / tokens,
              rate,
              Math.max(0, tokens - now) / rate));
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
