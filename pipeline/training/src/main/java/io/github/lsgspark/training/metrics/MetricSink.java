package io.github.lsgspark.training.metrics;

import java.util.Map;

/** Takes the numbers of a training as they come. A sink that cannot go on stays silent. */
public interface MetricSink extends AutoCloseable {
  /**
   * Takes the numbers of a step.
   *
   * @param step steps done, from 1
   */
  void scalars(long step, Map<String, Double> values);

  @Override
  void close();
}
