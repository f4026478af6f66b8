package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.embedding.transformer.ModelLimits;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * Runs an ONNX graph once on one executor, before prompts are dealt: a driver need not have the
 * memory that the graph takes.
 */
final class GraphTrial {
  private GraphTrial() {}

  /**
   * @param limits null if it failed
   */
  private record Outcome(ModelLimits limits, String message, int exitCode)
      implements Serializable {}

  /**
   * What the graph takes.
   *
   * @throws LsgException exit 3 that names the file if it cannot be run
   */
  static ModelLimits of(SparkSession spark, ModelSpec spec) {
    Outcome outcome =
        JavaSparkContext.fromSparkContext(spark.sparkContext())
            .parallelize(List.of(spec), 1)
            .map(GraphTrial::tried)
            .first();
    if (outcome.limits() == null) {
      throw LsgException.of(outcome.exitCode(), outcome.message());
    }
    return outcome.limits();
  }

  /** A failure comes back as a value, as trying it again cannot help. */
  private static Outcome tried(ModelSpec spec) {
    try {
      return new Outcome(spec.tried(), "", 0);
    } catch (LsgException e) {
      return new Outcome(null, e.getMessage(), e.exitCode());
    }
  }
}
