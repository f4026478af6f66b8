package io.github.lsgspark.report.page;

import java.util.List;
import java.util.Locale;

/**
 * Accuracy over confidence (Guo et al. 2017): on the diagonal a classifier is as sure as it is
 * right; below it, it is too sure.
 */
public final class ReliabilityDiagram {
  private static final int SIDE = 300;
  private static final double LEFT = 50;
  private static final double TOP = 44;
  private static final double LENGTH = SIDE - LEFT;
  private static final double LEGEND = 150;

  /**
   * Predictions of about the same confidence.
   *
   * @param confidence their mean, a fraction
   * @param accuracy their share that is right
   */
  public record Point(double confidence, double accuracy, long predictions) {}

  private final Svg svg =
      new Svg(SIDE + 20, SIDE + 20, "reliability diagram: accuracy by confidence");
  private final ValueAxis axis = new ValueAxis(0, 100, TOP + LENGTH, TOP);
  private int drawn;

  /** An empty diagram. */
  public ReliabilityDiagram() {
    svg.text(LEFT, 14, "start", Svg.LABEL + ";font-weight:bold", "Accuracy over confidence");
    axis.draw(svg, LEFT, LEFT + LENGTH, " %");
    for (int percent = 0; percent <= 100; percent += 20) {
      svg.text(x(percent / 100.0), TOP + LENGTH + 16, "middle", Svg.LABEL, percent + " %");
    }
    svg.line(LEFT, axis.at(0), x(1), axis.at(100), "stroke:#888;stroke-dasharray:4 3");
  }

  private static double x(double confidence) {
    return LEFT + confidence * LENGTH;
  }

  /** Draws a classifier. */
  public ReliabilityDiagram add(String name, String colour, List<Point> points) {
    double legend = LEFT + LEGEND * drawn++;
    svg.rectangle(legend, 22, 10, 10, "fill:" + colour);
    svg.text(legend + 14, 31, "start", Svg.LABEL, name);
    double[] path = new double[2 * points.size()];
    for (int p = 0; p < points.size(); p++) {
      Point point = points.get(p);
      path[2 * p] = x(point.confidence());
      path[2 * p + 1] = axis.at(100 * point.accuracy());
      svg.circle(
          path[2 * p],
          path[2 * p + 1],
          3,
          "fill:" + colour,
          String.format(
              Locale.ROOT,
              "%s: %.0f %% right of %,d predictions of confidence %.0f %%",
              name,
              100 * point.accuracy(),
              point.predictions(),
              100 * point.confidence()));
    }
    svg.path(path, "stroke-width:1.5;stroke:" + colour);
    return this;
  }

  /** The whole diagram. */
  public String svg() {
    return svg.end();
  }
}
