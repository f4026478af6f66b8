package io.github.lsgspark.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.LocalSpark;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {
  private static List<String> ofATask(SparkContext spark) {
    return JavaSparkContext.fromSparkContext(spark)
        .parallelize(List.of(0), 1)
        .map(any -> MDC.get(LogContext.RUN) + " " + MDC.get(LogContext.STAGE))
        .collect();
  }

  @Test
  void fieldsAreThoseOfThisThreadAndOfItsTasksUntilItIsClosed() {
    SparkContext spark = LocalSpark.session().sparkContext();
    try (LogContext run = LogContext.of(spark, Map.of(LogContext.RUN, "demo"))) {
      try (LogContext stage = LogContext.of(spark, Map.of(LogContext.STAGE, "train"))) {
        assertThat(MDC.get(LogContext.RUN)).isEqualTo("demo");
        assertThat(MDC.get(LogContext.STAGE)).isEqualTo("train");
        assertThat(ofATask(spark)).containsExactly("demo train");
      }
      assertThat(MDC.get(LogContext.STAGE)).isNull();
      assertThat(ofATask(spark)).containsExactly("demo null");
    }
    assertThat(ofATask(spark)).containsExactly("null null");
  }
}
