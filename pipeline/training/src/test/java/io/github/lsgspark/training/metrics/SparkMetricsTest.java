package io.github.lsgspark.training.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.lsgspark.testing.LocalSpark;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.spark.SparkEnv;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SparkMetricsTest {
  @BeforeAll
  static void start() {
    LocalSpark.session();
  }

  /** The gauges of a source that Spark's metrics system knows; empty if it knows none. */
  private static Map<String, Object> gauges(String source) {
    var found = SparkEnv.get().metricsSystem().getSourcesByName(source);
    return found.isEmpty()
        ? Map.of()
        : found.head().metricRegistry().getGauges().entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, gauge -> gauge.getValue().getValue()));
  }

  @Test
  void theLatestNumbersOfRunningTrainingsAreGauges() {
    try (SparkMetrics first = new SparkMetrics("a-test");
        SparkMetrics second = new SparkMetrics("a-test")) {
      first.scalars(10, Map.of("loss", 3.0));
      first.scalars(20, Map.of("loss", 2.5, "accuracy", 40.0));
      second.scalars(5, Map.of("loss", 9.0));
      assertThat(gauges("lsg.a-test"))
          .isEqualTo(Map.of("step", 20.0, "loss", 2.5, "accuracy", 40.0));
      assertThat(gauges("lsg.a-test-2")).isEqualTo(Map.of("step", 5.0, "loss", 9.0));
    }
    assertThat(gauges("lsg.a-test")).isEmpty();
    assertThat(gauges("lsg.a-test-2")).isEmpty();
  }
}
