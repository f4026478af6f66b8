package io.github.lsgspark.report.explanation;

import io.github.lsgspark.evaluation.ClassDistances;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many errors two methods make, and how far they are off.
 *
 * @param seeds that both have
 * @param errors per 100 test samples
 * @param bySteps the same by the steps between the true and the predicted class in the class graph:
 *     1, 2, 3, and more
 * @param near errors per 100 with a class at most {@value #NEAR} steps away
 * @param far all others
 * @param semanticError mean over the errors of one minus the cosine of the label texts
 */
record ErrorChange(
    List<Long> seeds,
    Paired errors,
    List<Paired> bySteps,
    Paired near,
    Paired far,
    Paired semanticError) {

  /** Steps in the class graph up to which an error counts as near. */
  static final int NEAR = 2;

  /**
   * @param pairs one at least
   */
  static ErrorChange of(List<SeedPair> pairs, ClassDistances distances) {
    Map<RunErrors, double[]> steps = new LinkedHashMap<>();
    for (SeedPair pair : pairs) {
      steps.put(pair.baseline(), pair.baseline().errorsBySteps(distances));
      steps.put(pair.method(), pair.method().errorsBySteps(distances));
    }
    List<Paired> bySteps = new ArrayList<>();
    for (int group = 0; group < RunErrors.STEP_GROUPS; group++) {
      int place = group;
      bySteps.add(Paired.of(pairs, run -> steps.get(run)[place]));
    }
    return new ErrorChange(
        pairs.stream().map(SeedPair::seed).toList(),
        Paired.of(pairs, RunErrors::errorRate),
        bySteps,
        Paired.of(pairs, run -> sum(steps.get(run), 0, NEAR)),
        Paired.of(pairs, run -> sum(steps.get(run), NEAR, RunErrors.STEP_GROUPS)),
        Paired.of(pairs, run -> run.semanticError(distances)));
  }

  private static double sum(double[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += values[i];
    }
    return sum;
  }

  /** What the groups of steps are called. */
  static String steps(int group) {
    return group < RunErrors.STEP_GROUPS - 1 ? Integer.toString(group + 1) : "> " + group;
  }
}
