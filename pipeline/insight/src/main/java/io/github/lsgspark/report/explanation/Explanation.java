package io.github.lsgspark.report.explanation;

import java.util.List;
import java.util.Optional;

/**
 * A method against the baseline over the seeds that both have.
 *
 * @param budget label budget of the runs; empty where there is only one
 * @param classNames by class number
 * @param pairsBySteps share of all pairs of different classes that are 1, 2, 3 and more steps from
 *     each other in the class graph
 * @param calibration expected calibration error, percentage points
 * @param diagram bins over all seeds: the baseline's, then the method's
 * @param controls the method against each control; empty for a control itself, and where there are
 *     none
 */
record Explanation(
    Optional<String> budget,
    Side baseline,
    Side method,
    List<String> classNames,
    ErrorChange errors,
    double[] pairsBySteps,
    ConfusionChange.Top confusions,
    List<ClassGain> classes,
    DegreeGains degrees,
    Paired calibration,
    List<List<RunErrors.Bin>> diagram,
    SampleChange samples,
    List<Control> controls) {

  /**
   * A method that is compared.
   *
   * @param place in the order of all methods
   * @param classifier head or ensemble: whose predictions are compared
   * @param guidance of its first run; empty without a label graph
   */
  record Side(String name, int place, String classifier, Optional<Guidance> guidance) {
    boolean isControl() {
      return guidance.filter(Guidance::isControl).isPresent();
    }

    /** Guided by the labels' own texts. */
    boolean isGuidedByText() {
      return guidance.filter(graph -> !graph.isControl()).isPresent();
    }
  }

  /** A method guided by the labels' own texts against one whose graph has other texts. */
  record Control(Side side, ErrorChange change) {}

  /** As in "lsg against plain, 4 labels". */
  String heading() {
    return method.name()
        + " against "
        + baseline.name()
        + budget.map(labels -> ", " + labels + " labels").orElse("");
  }

  /** Whether no figure of any class differs, as where a setting does not reach the classifier. */
  boolean changesNothing() {
    return samples.fixed() == 0
        && samples.broken() == 0
        && errors.bySteps().stream().allMatch(steps -> steps.difference().mean() == 0)
        && calibration.difference().mean() == 0
        && classes.stream().allMatch(gain -> gain.mean() == 0);
  }

  String name(int label) {
    return classNames.get(label);
  }

  /** Share of all pairs of different classes that count as near. */
  double nearPairs() {
    return pairsBySteps[0] + pairsBySteps[1];
  }
}
