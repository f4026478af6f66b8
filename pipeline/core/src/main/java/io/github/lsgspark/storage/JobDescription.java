package io.github.lsgspark.storage;

import java.util.Locale;
import org.apache.spark.SparkContext;

/**
 * What Spark's user interface says about the jobs of a stage, while it is open: {@code prepare:
 * read and check 4,800 files}. Holds for jobs that this thread starts, and threads that it starts.
 *
 * <p>Inside another description the name of the outer one stays: it may tell more.
 */
public final class JobDescription implements AutoCloseable {
  private static final String DESCRIPTION = "spark.job.description";
  private static final String STAGE = "lsg.stage";

  private final SparkContext spark;
  private final String formerStage;
  private final String formerDescription;

  private JobDescription(SparkContext spark, String stage) {
    this.spark = spark;
    this.formerStage = spark.getLocalProperty(STAGE);
    this.formerDescription = spark.getLocalProperty(DESCRIPTION);
    if (formerStage == null) {
      spark.setLocalProperty(STAGE, stage);
    }
  }

  /** Opens a description; {@link #now} says what is being done. */
  public static JobDescription of(SparkContext spark, String stage) {
    return new JobDescription(spark, stage);
  }

  /** Describes the jobs that follow. */
  public JobDescription now(String format, Object... values) {
    spark.setJobDescription(
        spark.getLocalProperty(STAGE) + ": " + String.format(Locale.ROOT, format, values));
    return this;
  }

  /** Brings the former description back. */
  @Override
  public void close() {
    spark.setLocalProperty(STAGE, formerStage);
    spark.setLocalProperty(DESCRIPTION, formerDescription);
  }
}
