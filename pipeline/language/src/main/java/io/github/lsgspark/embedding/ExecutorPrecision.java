package io.github.lsgspark.embedding;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.TrainSettings;
import io.github.lsgspark.torch.Bfloat16Speed;
import io.github.lsgspark.torch.Dtype;
import io.github.lsgspark.torch.TaskDevice;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/**
 * The element type of matrix products, one for all executors: vectors must not differ by machine.
 */
final class ExecutorPrecision {
  private ExecutorPrecision() {}

  /** AUTO is bfloat16 if every executor that answers is fast at it: a GPU, or a CPU's own units. */
  static Dtype of(SparkSession spark, EmbeddingSettings.Dtype wanted, TrainSettings.Device device) {
    return switch (wanted) {
      case FLOAT32 -> Dtype.FLOAT32;
      case BFLOAT16 -> Dtype.BFLOAT16;
      case AUTO -> everyExecutorIsFast(spark, device) ? Dtype.BFLOAT16 : Dtype.FLOAT32;
    };
  }

  private static boolean everyExecutorIsFast(SparkSession spark, TrainSettings.Device device) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    int tasks = 2 * context.defaultParallelism();
    List<Integer> numbers = IntStream.range(0, tasks).boxed().toList();
    return context
        .parallelize(numbers, tasks)
        .map(
            unused ->
                TaskDevice.of(TaskContext.get(), device).isCuda() || Bfloat16Speed.ofProducts())
        .reduce(Boolean::logicalAnd);
  }
}
