package io.github.lsgspark.experiment;

import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.ValueAxis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A figure over the labels of each class, on a logarithmic axis: a line per method, dashed with
 * prototypes; whiskers are one standard error. A method has the same colour in all pictures of a
 * grid.
 */
final class LearningCurves {
  private static final int WIDTH = 760;
  private static final int HEIGHT = 400;
  private static final double LEFT = 60;
  private static final double RIGHT = WIDTH - 190;
  private static final double TOP = 30;
  private static final double BOTTOM = HEIGHT - 56;

  /**
   * Lines are this many pixels beside each other, so that their whiskers do not cover each other.
   */
  private static final double ASIDE = 2.5;

  private final String heading;
  private final Function<Summary.Cell, Optional<Estimate>> figure;
  private final Map<Summary.Line, List<Summary.Cell>> lines = new LinkedHashMap<>();
  private final List<String> methods = new ArrayList<>();
  private double fewest = Double.POSITIVE_INFINITY;
  private double most;
  private double low = Double.POSITIVE_INFINITY;
  private double high = Double.NEGATIVE_INFINITY;
  private final ValueAxis axis;

  private LearningCurves(
      Summary summary,
      String heading,
      Function<Summary.Cell, Optional<Estimate>> figure,
      OptionalDouble shown) {
    this.heading = heading;
    this.figure = figure;
    for (Summary.Cell cell : summary.cells()) {
      if (!methods.contains(cell.line().method())) {
        methods.add(cell.line().method());
      }
      figure.apply(cell).ifPresent(estimate -> take(cell, estimate));
    }
    lines.values().forEach(cells -> cells.sort(Comparator.comparing(Summary.Cell::labelsPerClass)));
    shown.ifPresent(
        value -> {
          low = Math.min(low, value);
          high = Math.max(high, value);
        });
    double margin = high > low ? (high - low) / 20 : 1;
    axis = ValueAxis.of(low - margin, high + margin, BOTTOM, TOP);
  }

  private void take(Summary.Cell cell, Estimate estimate) {
    lines.computeIfAbsent(cell.line(), unused -> new ArrayList<>()).add(cell);
    fewest = Math.min(fewest, cell.labelsPerClass());
    most = Math.max(most, cell.labelsPerClass());
    low = Math.min(low, estimate.mean() - error(estimate));
    high = Math.max(high, estimate.mean() + error(estimate));
  }

  /** The accuracies; empty text if there are none. */
  static String accuracies(Summary summary) {
    return new LearningCurves(
            summary,
            Figure.ACCURACY.heading(),
            cell -> Optional.ofNullable(cell.figures().get(Figure.ACCURACY)),
            OptionalDouble.empty())
        .picture();
  }

  /** Paired differences from the baseline in accuracy; empty text if there are none. */
  static String differences(Summary summary) {
    return new LearningCurves(
            summary,
            "accuracy minus " + summary.baseline() + ", percentage points",
            cell -> cell.difference().map(PairedDifference::estimate),
            OptionalDouble.of(0))
        .picture();
  }

  private static double error(Estimate estimate) {
    return Double.isNaN(estimate.standardError()) ? 0 : estimate.standardError();
  }

  private double x(double labels) {
    return most > fewest
        ? LEFT + 15 + Math.log(labels / fewest) / Math.log(most / fewest) * (RIGHT - LEFT - 30)
        : (LEFT + RIGHT) / 2;
  }

  private String picture() {
    if (lines.isEmpty()) {
      return "";
    }
    Svg svg = new Svg(WIDTH, HEIGHT, heading + " over the labels of each class");
    svg.text(LEFT, 16, "start", Svg.LABEL + ";font-weight:bold", heading);
    axes(svg);
    int place = 0;
    for (Map.Entry<Summary.Line, List<Summary.Cell>> entry : lines.entrySet()) {
      line(svg, entry.getKey(), entry.getValue(), place++);
    }
    return svg.end();
  }

  private void axes(Svg svg) {
    axis.draw(svg, LEFT, RIGHT, "");
    Map<String, Double> budgets = new LinkedHashMap<>();
    lines.values().stream()
        .flatMap(List::stream)
        .forEach(cell -> budgets.putIfAbsent(SummaryTable.budget(cell), cell.labelsPerClass()));
    budgets.forEach(
        (budget, labels) -> {
          svg.line(x(labels), TOP, x(labels), BOTTOM, "stroke:#eee");
          svg.text(x(labels), BOTTOM + 18, "middle", Svg.LABEL, budget);
        });
    svg.text((LEFT + RIGHT) / 2, BOTTOM + 42, "middle", Svg.LABEL, "labels of each class");
  }

  private void line(Svg svg, Summary.Line line, List<Summary.Cell> cells, int place) {
    String colour = Svg.colour(methods.indexOf(line.method()));
    String stroke = "stroke-width:1.5;stroke:" + colour;
    String dashed = stroke + (line.prototypes() ? ";stroke-dasharray:5 4" : "");
    double aside = (place - (lines.size() - 1) / 2.0) * ASIDE;
    double[] path = new double[2 * cells.size()];
    for (int i = 0; i < cells.size(); i++) {
      Estimate estimate = figure.apply(cells.get(i)).orElseThrow();
      double x = x(cells.get(i).labelsPerClass()) + aside;
      path[2 * i] = x;
      path[2 * i + 1] = axis.at(estimate.mean());
      svg.line(
          x,
          axis.at(estimate.mean() - error(estimate)),
          x,
          axis.at(estimate.mean() + error(estimate)),
          stroke);
      svg.circle(
          x,
          axis.at(estimate.mean()),
          3,
          "fill:" + colour,
          line + ", " + cells.get(i).budget() + ": " + estimate.text(Figure.ACCURACY.digits()));
    }
    svg.path(path, dashed);
    double legend = TOP + 8 + 18 * place;
    svg.path(new double[] {RIGHT + 12, legend, RIGHT + 34, legend}, dashed);
    svg.text(RIGHT + 40, legend + 4, "start", Svg.LABEL, line.toString());
  }
}
