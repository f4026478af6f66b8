package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries each set of layers with each value of a parameter, and takes what leave-one-out says. */
final class HeadSearch {
  private static final Logger LOG = LoggerFactory.getLogger(HeadSearch.class);

  private final String kind;
  private final List<Double> parameters;
  private final Temperatures temperatures;

  /**
   * @param temperatures that are tried unless one is given
   */
  HeadSearch(
      String kind, HeadSettings settings, List<Double> parameters, Temperatures temperatures) {
    this.kind = kind;
    this.parameters = List.copyOf(parameters);
    this.temperatures =
        settings.fixedTemperature().isPresent()
            ? new Temperatures(new double[] {settings.fixedTemperature().getAsDouble()})
            : temperatures;
  }

  /** What has been computed of one transform for all values of the parameter. */
  interface Fitted {

    /** Scores of left-out samples for values of the parameter. */
    LeftOutScorer scorer(List<Double> parameters);

    /** The head of a value. */
    Solution solve(double parameter);
  }

  /**
   * A linear map.
   *
   * @param weight [C,d], row-major
   * @param bias [C]
   */
  record Solution(double[] weight, double[] bias) {}

  HeadFit fit(HeadProblem problem, Function<FeatureTransform, Fitted> fitting) {
    List<HeadChoice> tried = new ArrayList<>();
    Comparator<HeadChoice> order = order(problem.settings().chooseBy());
    HeadChoice best = null;
    Fitted bestFitted = null;
    FeatureTransform bestTransform = null;
    for (FeatureTransform transform : problem.transforms()) {
      Fitted fitted = fitting.apply(transform);
      LeftOutSums sums =
          problem
              .labelled()
              .sum(
                  new LeftOutSums.Pass(fitted.scorer(parameters), temperatures, parameters.size()));
      for (int p = 0; p < parameters.size(); p++) {
        HeadChoice choice = sums.choice(transform.layers(), parameters.get(p), p, temperatures);
        LOG.debug("{}", line(choice));
        tried.add(choice);
        if (best == null || order.compare(choice, best) < 0) {
          best = choice;
          bestFitted = fitted;
          bestTransform = transform;
        }
      }
    }
    LOG.info("chosen of {}: {}", tried.size(), line(best));
    Rows.useDriverThreads();
    Solution solution = bestFitted.solve(best.parameter());
    LinearHead head =
        new LinearHead(floats(solution.weight), floats(solution.bias), best.temperature());
    LeftOutRows rows =
        new LeftOutRows(
            problem.spark(),
            problem.labelled(),
            bestFitted.scorer(List.of(best.parameter())),
            best.temperature());
    return new HeadFit(kind, head, bestTransform, best, List.copyOf(tried), rows);
  }

  private static Comparator<HeadChoice> order(HeadSettings.Criterion criterion) {
    Comparator<HeadChoice> accuracy = Comparator.comparingDouble(HeadChoice::accuracy).reversed();
    Comparator<HeadChoice> entropy = Comparator.comparingDouble(HeadChoice::crossEntropy);
    return criterion == HeadSettings.Criterion.ACCURACY
        ? accuracy.thenComparing(entropy)
        : entropy.thenComparing(accuracy);
  }

  private String line(HeadChoice choice) {
    return String.format(
        Locale.ROOT,
        "head %s  %s  parameter %.4g  leave-one-out accuracy %.1f%%  cross entropy %.4f at"
            + " temperature %.4g",
        kind,
        choice.layers().label(),
        choice.parameter(),
        100 * choice.accuracy(),
        choice.crossEntropy(),
        choice.temperature());
  }

  private static float[] floats(double[] values) {
    float[] narrow = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      narrow[i] = (float) values[i];
    }
    return narrow;
  }
}
