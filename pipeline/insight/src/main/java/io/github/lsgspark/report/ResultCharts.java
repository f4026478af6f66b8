package io.github.lsgspark.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.ValueAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Accuracy per method as bars, and the training over its steps as curves. */
final class ResultCharts {
  private static final String LABEL = Svg.LABEL;
  private static final int WIDTH = 640;
  private static final int LEFT = 60;
  private static final int BAR_ROW = 34;
  private static final int CURVE_HEIGHT = 260;

  private ResultCharts() {}

  /** Bars of the mean test accuracy; whiskers are one standard error, dots the single runs. */
  static String accuracy(Results results) {
    List<String> methods = results.methods();
    Svg svg = new Svg(WIDTH, methods.size() * BAR_ROW + 30, "test accuracy by method");
    double left = 140;
    double scale = (WIDTH - left - 90) / 100;
    for (int percent = 0; percent <= 100; percent += 20) {
      double x = left + percent * scale;
      svg.line(x, 0, x, methods.size() * BAR_ROW, "stroke:#ddd");
      svg.text(x, methods.size() * BAR_ROW + 16, "middle", LABEL, percent + " %");
    }
    for (int m = 0; m < methods.size(); m++) {
      Optional<Estimate> estimate = results.estimate(methods.get(m), "/accuracy", 100);
      double middle = m * BAR_ROW + BAR_ROW / 2.0;
      svg.text(left - 8, middle + 4, "end", LABEL, methods.get(m));
      if (estimate.isEmpty()) {
        continue;
      }
      double mean = estimate.get().mean();
      double error = estimate.get().standardError();
      svg.rectangle(left, middle - 10, mean * scale, 20, "fill:" + Svg.colour(m) + ";opacity:0.75");
      for (double run : estimate.get().runs()) {
        svg.circle(
            left + run * scale, middle, 2.5, "fill:#222", String.format(Locale.ROOT, "%.2f", run));
      }
      if (!Double.isNaN(error)) {
        svg.line(
            left + (mean - error) * scale,
            middle,
            left + (mean + error) * scale,
            middle,
            "stroke:#222;stroke-width:2");
      }
      svg.text(
          left + (mean + (Double.isNaN(error) ? 0 : error)) * scale + 8,
          middle + 4,
          "start",
          LABEL,
          estimate.get().text(1));
    }
    return svg.end();
  }

  /**
   * One figure of the training history over the steps: a line for every run, in the colour of its
   * method.
   *
   * @return empty if no run has at least two points
   */
  static Optional<String> curves(Results results, String key, String title) {
    Map<String, List<double[][]>> curves = new LinkedHashMap<>();
    double lastStep = 1;
    double low = 0;
    double high = Double.NEGATIVE_INFINITY;
    for (String method : results.methods()) {
      for (Results.Evaluated run : results.of(method)) {
        double[][] points = points(run.training().path("history"), key);
        if (points.length > 1) {
          curves.computeIfAbsent(method, unused -> new ArrayList<>()).add(points);
        }
        for (double[] point : points) {
          lastStep = Math.max(lastStep, point[0]);
          low = Math.min(low, point[1]);
          high = Math.max(high, point[1]);
        }
      }
    }
    if (curves.isEmpty()) {
      return Optional.empty();
    }
    Svg svg = new Svg(WIDTH, CURVE_HEIGHT, title + " over the training steps");
    ValueAxis axis = ValueAxis.of(low, high, CURVE_HEIGHT - 34, 24);
    double right = WIDTH - 120;
    axis.draw(svg, LEFT, right, "");
    svg.text(LEFT, 14, "start", LABEL + ";font-weight:bold", title);
    svg.text(
        right, axis.bottom() + 18, "end", LABEL, String.format(Locale.ROOT, "step %.0f", lastStep));
    int index = 0;
    for (String method : results.methods()) {
      for (double[][] points : curves.getOrDefault(method, List.of())) {
        double[] path = new double[2 * points.length];
        for (int i = 0; i < points.length; i++) {
          path[2 * i] = LEFT + points[i][0] / lastStep * (right - LEFT);
          path[2 * i + 1] = axis.at(points[i][1]);
        }
        svg.path(path, "stroke-width:1.5;opacity:.8;stroke:" + Svg.colour(index));
      }
      if (curves.containsKey(method)) {
        double beside = axis.top() + 12 + 18 * index;
        svg.text(right + 10, beside, "start", LABEL + ";fill:" + Svg.colour(index), method);
      }
      index++;
    }
    return Optional.of(svg.end());
  }

  private static double[][] points(JsonNode history, String key) {
    List<double[]> points = new ArrayList<>();
    for (JsonNode entry : history) {
      if (entry.path("step").isNumber() && entry.path(key).isNumber()) {
        points.add(new double[] {entry.get("step").asDouble(), entry.get(key).asDouble()});
      }
    }
    return points.toArray(new double[0][]);
  }
}
