package io.github.lsgspark.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The course of a training, for the log and for metrics.json. */
final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final int iterations;
  private final boolean speaks;
  private final List<Double> losses = new ArrayList<>();
  private final List<Double> crossEntropies = new ArrayList<>();
  private final List<Map<String, Object>> lines = new ArrayList<>();

  /**
   * @param speaks whether this replica writes the log
   */
  History(int iterations, boolean speaks) {
    this.iterations = iterations;
    this.speaks = speaks;
  }

  void step(double loss, double crossEntropy) {
    losses.add(loss);
    crossEntropies.add(crossEntropy);
  }

  /** One line of the log; values in the order in which they are to be shown. */
  void line(int step, Map<String, Double> values) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("step", step);
    line.putAll(values);
    lines.add(line);
    if (speaks) {
      StringBuilder text = new StringBuilder();
      values.forEach(
          (name, value) -> text.append(String.format(Locale.ROOT, "  %s %.4g", name, value)));
      LOG.info("train step {}/{}{}", step, iterations, text);
    }
  }

  /** Mean of a value over the last half of the lines that have it. */
  double recent(String name) {
    List<Double> values =
        lines.stream().map(line -> (Double) line.get(name)).filter(v -> v != null).toList();
    return values.subList(values.size() / 2, values.size()).stream()
        .mapToDouble(Double::doubleValue)
        .average()
        .orElse(Double.NaN);
  }

  Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("history", lines);
    metrics.put("loss", losses);
    metrics.put("cross_entropy", crossEntropies);
    return metrics;
  }
}
