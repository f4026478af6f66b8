package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.Estimate;
import io.github.lsgspark.report.page.ReliabilityDiagram;
import io.github.lsgspark.report.page.Svg;
import io.github.lsgspark.report.page.ValueAxis;
import java.util.List;
import java.util.stream.IntStream;

/** A comparison as pictures. */
final class ChangeCharts {
  private static final String BOLD = Svg.LABEL + ";font-weight:bold";
  private static final double LEFT = 50;
  private static final double TOP = 44;

  private static final int STEPS_WIDTH = 420;
  private static final int STEPS_HEIGHT = 260;
  private static final double BAR = 30;

  /** Classes in the picture of gains, at most. */
  private static final int CLASSES = 400;

  private static final int GAINS_WIDTH = 640;
  private static final int GAINS_HEIGHT = 220;

  private final Explanation explanation;

  ChangeCharts(Explanation explanation) {
    this.explanation = explanation;
  }

  /** Two bars per group of steps; whiskers are one standard error. */
  String steps() {
    List<Paired> groups = explanation.errors().bySteps();
    double highest = 0;
    for (Paired group : groups) {
      highest = Math.max(highest, top(group.baseline()));
      highest = Math.max(highest, top(group.method()));
    }
    Svg svg = new Svg(STEPS_WIDTH, STEPS_HEIGHT, "errors by steps in the class graph");
    double bottom = STEPS_HEIGHT - 40;
    ValueAxis axis = ValueAxis.of(0, highest, bottom, TOP);
    double right = STEPS_WIDTH - 10;
    svg.text(LEFT, 14, "start", BOLD, "Errors per 100 test samples");
    legend(svg);
    axis.draw(svg, LEFT, right, "");
    double width = (right - LEFT) / groups.size();
    for (int group = 0; group < groups.size(); group++) {
      double middle = LEFT + (group + 0.5) * width;
      Paired paired = groups.get(group);
      bar(svg, middle - BAR, axis, paired.baseline(), explanation.baseline());
      bar(svg, middle, axis, paired.method(), explanation.method());
      svg.text(middle, bottom + 16, "middle", Svg.LABEL, ErrorChange.steps(group));
    }
    svg.text((LEFT + right) / 2, bottom + 34, "middle", Svg.LABEL, "steps in the class graph");
    return svg.end();
  }

  private static double top(Estimate estimate) {
    return estimate.mean() + error(estimate);
  }

  private static double error(Estimate estimate) {
    return Double.isNaN(estimate.standardError()) ? 0 : estimate.standardError();
  }

  private static void bar(
      Svg svg, double x, ValueAxis axis, Estimate estimate, Explanation.Side side) {
    double tip = axis.at(estimate.mean());
    svg.rectangle(x + 1, tip, BAR - 2, axis.bottom() - tip, "opacity:0.75;fill:" + colour(side));
    double whisker = error(estimate) * axis.scale();
    double middle = x + BAR / 2;
    svg.line(middle, tip - whisker, middle, tip + whisker, "stroke:#222");
  }

  private void legend(Svg svg) {
    double x = LEFT;
    for (Explanation.Side side : List.of(explanation.baseline(), explanation.method())) {
      svg.rectangle(x, 22, 10, 10, "fill:" + colour(side));
      svg.text(x + 14, 31, "start", Svg.LABEL, side.name());
      x += 150;
    }
  }

  private static String colour(Explanation.Side side) {
    return Svg.colour(side.place());
  }

  /** Accuracy over confidence of both sides. */
  String reliability() {
    ReliabilityDiagram diagram = new ReliabilityDiagram();
    List<Explanation.Side> sides = List.of(explanation.baseline(), explanation.method());
    for (int s = 0; s < sides.size(); s++) {
      diagram.add(
          sides.get(s).name(),
          colour(sides.get(s)),
          explanation.diagram().get(s).stream()
              .filter(bin -> bin.count() > 0)
              .map(
                  bin ->
                      new ReliabilityDiagram.Point(
                          bin.confidence() / bin.count(),
                          (double) bin.correct() / bin.count(),
                          bin.count()))
              .toList());
    }
    return diagram.svg();
  }

  /**
   * The gain of every class, from the greatest to the least; of very many classes some, evenly
   * spread.
   */
  String classes() {
    List<ClassGain> all = explanation.classes();
    int size = Math.min(CLASSES, all.size());
    List<ClassGain> shown =
        IntStream.range(0, size)
            .mapToObj(i -> all.get((int) ((long) i * all.size() / size)))
            .toList();
    return gains(
        "Gain of each class, points",
        shown.stream().map(gain -> gain.accuracy().difference()).toList(),
        shown.stream().map(gain -> explanation.name(gain.label())).toList(),
        false);
  }

  /** The gain of the classes of each group of degrees. */
  String degrees() {
    List<DegreeGains.Group> groups = explanation.degrees().groups();
    return gains(
        "Gain by degree, points",
        groups.stream().map(group -> group.accuracy().difference()).toList(),
        groups.stream().map(DegreeGains.Group::degrees).toList(),
        true);
  }

  /** Bars up and down from zero; whiskers are one standard error. */
  private static String gains(
      String title, List<Estimate> gains, List<String> names, boolean named) {
    double low = 0;
    double high = 0;
    for (Estimate gain : gains) {
      low = Math.min(low, gain.mean() - error(gain));
      high = Math.max(high, gain.mean() + error(gain));
    }
    double bottom = GAINS_HEIGHT - 26;
    ValueAxis axis = ValueAxis.of(low, high, bottom, 28);
    double zero = axis.at(0);
    double right = GAINS_WIDTH - 10;
    double width = (right - LEFT) / gains.size();
    Svg svg = new Svg(GAINS_WIDTH, GAINS_HEIGHT, title);
    svg.text(LEFT, 14, "start", BOLD, title);
    axis.draw(svg, LEFT, right, "");
    for (int g = 0; g < gains.size(); g++) {
      Estimate gain = gains.get(g);
      double x = LEFT + g * width;
      double middle = x + width / 2;
      double tip = axis.at(gain.mean());
      double whisker = error(gain) * axis.scale();
      svg.rectangle(
          x + 0.1 * width,
          Math.min(tip, zero),
          0.8 * width,
          Math.abs(tip - zero),
          "fill:" + (gain.mean() < 0 ? "#c25b56" : "#4a8c5c"));
      svg.line(middle, tip - whisker, middle, tip + whisker, "stroke:#222;opacity:0.5");
      svg.circle(
          middle, tip, 2, "fill:#222", names.get(g) + ": " + Paired.signed(gain, 1) + " points");
      if (named) {
        svg.text(middle, bottom + 18, "middle", Svg.LABEL, names.get(g));
      }
    }
    svg.line(LEFT, zero, right, zero, "stroke:#222");
    return svg.end();
  }
}
