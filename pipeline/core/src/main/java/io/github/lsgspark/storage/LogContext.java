package io.github.lsgspark.storage;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.slf4j.MDC;

/**
 * Fields of log lines (SLF4J's MDC) while it is open: of this thread, and of the tasks of Spark
 * jobs that it starts, on whatever executor they run.
 */
public final class LogContext implements AutoCloseable {
  /** What the run writes into, such as {@code demo}. */
  public static final String RUN = "mdc.run";

  /** Which of its models, such as {@code lsg, seed 1}. */
  public static final String VARIANT = "mdc.variant";

  public static final String STAGE = "mdc.stage";

  /** Of a training's replica. */
  public static final String RANK = "mdc.rank";

  private final SparkContext spark;
  private final Map<String, String> former = new LinkedHashMap<>();

  private LogContext(SparkContext spark, Map<String, String> fields) {
    this.spark = spark;
    fields.forEach(
        (key, value) -> {
          former.put(key, MDC.get(key));
          put(key, value);
        });
  }

  /** Sets fields; an empty value leaves its field out. */
  public static LogContext of(SparkContext spark, Map<String, String> fields) {
    return new LogContext(spark, fields);
  }

  private void put(String key, String value) {
    boolean none = value == null || value.isEmpty();
    if (none) {
      MDC.remove(key);
    } else {
      MDC.put(key, value);
    }
    // Spark takes those that begin with mdc. into the fields of a task's lines.
    spark.setLocalProperty(key, none ? null : value);
  }

  /** Brings the former fields back. */
  @Override
  public void close() {
    former.forEach(this::put);
  }
}
