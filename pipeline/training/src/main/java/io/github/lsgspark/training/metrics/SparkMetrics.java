package io.github.lsgspark.training.metrics;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.spark.SparkEnv;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;

/**
 * The latest numbers of a training as gauges of Spark's metrics system, on the executor of rank 0
 * (in local mode the driver), for as long as it runs: whatever sinks the site has set up
 * (Prometheus, Graphite, JMX, CSV) show them beside Spark's own, as {@code
 * <application>.<executor>.lsg.<training>.<name>}.
 */
public final class SparkMetrics implements MetricSink, Source {
  private static final String STEP = "step";

  private final MetricRegistry registry = new MetricRegistry();
  private final Map<String, Double> latest = new ConcurrentHashMap<>();
  private final String name;

  /**
   * @param training what to call it; others of this name that run at the same time in this process
   *     have a number put after it
   */
  public SparkMetrics(String training) {
    MetricsSystem metrics = SparkEnv.get().metricsSystem();
    synchronized (SparkMetrics.class) {
      String free = "lsg." + training;
      for (int other = 2; !metrics.getSourcesByName(free).isEmpty(); other++) {
        free = "lsg." + training + "-" + other;
      }
      this.name = free;
      metrics.registerSource(this);
    }
  }

  @Override
  public String sourceName() {
    return name;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void scalars(long step, Map<String, Double> values) {
    show(STEP, step);
    values.forEach(this::show);
  }

  private void show(String metric, double value) {
    if (latest.put(metric, value) == null) {
      registry.register(metric, (Gauge<Double>) () -> latest.get(metric));
    }
  }

  @Override
  public void close() {
    SparkEnv.get().metricsSystem().removeSource(this);
  }
}
