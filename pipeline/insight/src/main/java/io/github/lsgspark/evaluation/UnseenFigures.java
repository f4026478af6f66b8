package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings;
import io.github.lsgspark.config.EvaluateSettings.Classifier;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The object {@code unseen} of {@code metrics.json}: how well classes without a single label are
 * recognised. Accuracies are means over the classes that have test samples, and the harmonic mean
 * is that of seen and unseen accuracy (Xian, Schiele, Akata, CVPR 2017). All are fractions; those
 * that no class with test samples counts for are left out.
 */
final class UnseenFigures {
  private final UnseenTally tally;
  private final SeenClasses seen;

  private UnseenFigures(UnseenTally tally, SeenClasses seen) {
    this.tally = tally;
    this.seen = seen;
  }

  static Map<String, Object> of(UnseenTally tally, SeenClasses seen, EvaluateSettings settings) {
    UnseenFigures figures = new UnseenFigures(tally, seen);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seen_classes", seen.classes() - seen.unseenCount());
    json.put("unseen_classes", seen.unseenCount());
    json.put("seen_samples", figures.samples(seen::isSeen));
    json.put("unseen_samples", figures.samples(c -> !seen.isSeen(c)));
    json.put("seen_penalty", settings.seenPenalty());
    json.put("label_metric", settings.labelMetric().name().toLowerCase(Locale.ROOT));
    tally.classifiers().forEach(by -> json.put(by.key(), figures.of(by)));
    return json;
  }

  /** What {@link #of} gave in a line of the log: seen and unseen accuracy of each classifier. */
  static String summary(Map<?, ?> json) {
    StringJoiner classifiers = new StringJoiner(", ");
    String who =
        String.format(
            "%s of %d classes have no label",
            json.get("unseen_classes"),
            (Integer) json.get("seen_classes") + (Integer) json.get("unseen_classes"));
    if (json.get("unseen_samples").equals(0L) || json.get("seen_samples").equals(0L)) {
      return who + ", and not both kinds have test samples: there is nothing to compare";
    }
    json.forEach(
        (name, figures) -> {
          if (figures instanceof Map<?, ?> by) {
            classifiers.add(
                String.format(
                    Locale.ROOT,
                    "%s %.1f and %.1f %%",
                    name,
                    100 * (Double) by.get(UnseenFigure.SEEN.key()),
                    100 * (Double) by.get(UnseenFigure.UNSEEN.key())));
          }
        });
    return who + "; accuracy of the others and of these by " + classifiers;
  }

  private Map<String, Object> of(Classifier by) {
    double ofSeen = mean(seen::isSeen, c -> tally.accuracy(by, c));
    double ofUnseen = mean(c -> !seen.isSeen(c), c -> tally.accuracy(by, c));
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put(UnseenFigure.SEEN.key(), ofSeen);
    figures.put(UnseenFigure.UNSEEN.key(), ofUnseen);
    figures.put(UnseenFigure.HARMONIC.key(), harmonicMean(ofSeen, ofUnseen));
    figures.put(UnseenFigure.TOP1.key(), mean(c -> !seen.isSeen(c), c -> tally.first(by, c)));
    figures.put(UnseenFigure.TOP5.key(), mean(c -> !seen.isSeen(c), c -> tally.amongFive(by, c)));
    figures.replaceAll((name, figure) -> ((Double) figure).isNaN() ? null : figure);
    return figures;
  }

  private long samples(IntPredicate which) {
    return IntStream.range(0, seen.classes()).filter(which).mapToLong(tally::samples).sum();
  }

  private double mean(IntPredicate which, IntToDoubleFunction figure) {
    return IntStream.range(0, seen.classes())
        .filter(which)
        .filter(c -> tally.samples(c) > 0)
        .mapToDouble(figure)
        .average()
        .orElse(Double.NaN);
  }

  /** 0 if both are. */
  private static double harmonicMean(double a, double b) {
    return a + b == 0 ? 0 : 2 * a * b / (a + b);
  }
}
