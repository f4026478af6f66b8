package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A comparison in plain sentences. A difference counts if it is larger than its standard error;
 * otherwise the sentence says that no difference can be told, as it does for a single seed. {@link
 * ControlSentences} says what the controls say.
 */
final class Sentences {
  /** Confusions named each way. */
  private static final int NAMED = 3;

  private final Explanation explanation;
  private final String method;
  private final String baseline;
  private final List<String> sentences = new ArrayList<>();

  private Sentences(Explanation explanation) {
    this.explanation = explanation;
    this.method = explanation.method().name();
    this.baseline = explanation.baseline().name();
  }

  static List<String> of(Explanation explanation) {
    Sentences text = new Sentences(explanation);
    text.errors();
    text.distances();
    text.confusions();
    text.classes();
    text.degrees();
    text.calibration();
    text.samples();
    text.sentences.addAll(ControlSentences.of(explanation));
    return text.sentences;
  }

  /** What is said behind a difference: nothing if it can be told from none. */
  static String doubt(Paired paired) {
    return paired.isTold() ? "" : ", no difference can be told";
  }

  /** As in "6.3 ± 0.5 fewer errors per 100 test samples than plain (24.1 instead of 30.4)". */
  static String errors(Paired errors, String other) {
    if (errors.difference().mean() == 0) {
      return "as many errors per 100 test samples as " + other + " (" + errors.means(1) + ")";
    }
    return errors.change(1, "fewer", "more")
        + " errors per 100 test samples than "
        + other
        + " ("
        + errors.means(1)
        + ")"
        + doubt(errors);
  }

  /** As in "0.012 ± 0.003 nearer to the true class by label text than those of plain (...)". */
  static String nearness(Paired semanticError, String other) {
    return semanticError.change(3, "nearer to", "farther from")
        + " the true class by label text than those of "
        + other
        + " (mean semantic error "
        + semanticError.means(3)
        + ")"
        + doubt(semanticError);
  }

  private void errors() {
    int seeds = explanation.errors().seeds().size();
    sentences.add(
        String.format(
            Locale.ROOT,
            "Over %d seed%s, %s made %s.",
            seeds,
            seeds == 1 ? "" : "s",
            method,
            errors(explanation.errors().errors(), baseline)));
    if (seeds == 1) {
      sentences.add("One seed has no standard error: nothing here can be told from chance.");
    }
    String first = explanation.baseline().classifier();
    String second = explanation.method().classifier();
    if (!first.equals(second)) {
      sentences.add(
          String.format(
              "Predictions are those of the %s for %s and of the %s for %s.",
              second, method, first, baseline));
    }
  }

  private void distances() {
    ErrorChange errors = explanation.errors();
    sentences.add(
        String.format(
            Locale.ROOT,
            "Errors with a class at most %d steps away in the class graph: %s per 100%s; with classes"
                + " farther away: %s%s.",
            ErrorChange.NEAR,
            errors.near().change(1, "fewer", "more"),
            doubt(errors.near()),
            errors.far().change(1, "fewer", "more"),
            doubt(errors.far())));
    sentences.add(
        String.format(
            Locale.ROOT,
            "At most %d steps apart are %.0f %% of all pairs of classes, %s of the errors of %s and"
                + " %s of those of %s.",
            ErrorChange.NEAR,
            100 * explanation.nearPairs(),
            share(errors.near().baseline(), errors.errors().baseline()),
            baseline,
            share(errors.near().method(), errors.errors().method()),
            method));
    if (errors.semanticError().isMeasured()) {
      sentences.add(
          "The wrong predictions of "
              + method
              + " are "
              + nearness(errors.semanticError(), baseline)
              + ".");
    }
  }

  private static String share(Estimate part, Estimate whole) {
    return whole.mean() > 0
        ? String.format(Locale.ROOT, "%.0f %%", 100 * part.mean() / whole.mean())
        : "none";
  }

  private void confusions() {
    named("removed most", explanation.confusions().removed());
    named("added most", explanation.confusions().added());
  }

  private void named(String heading, List<ConfusionChange> changes) {
    if (changes.isEmpty()) {
      return;
    }
    List<String> pairs =
        changes.stream()
            .limit(NAMED)
            .map(
                change ->
                    explanation.name(change.label())
                        + " taken for "
                        + explanation.name(change.predicted())
                        + " ("
                        + change.rate().change(1, "fewer", "more")
                        + ")")
            .toList();
    sentences.add(
        "Confusions "
            + heading
            + ", per 100 test samples of the true class: "
            + String.join(", ", pairs)
            + ".");
  }

  private void classes() {
    List<ClassGain> classes = explanation.classes();
    ClassGain best = classes.get(0);
    ClassGain worst = classes.get(classes.size() - 1);
    sentences.add(
        String.format(
            Locale.ROOT,
            "Of %d classes %d gained accuracy and %d lost, %d and %d of them by more than their"
                + " standard error; %s changed by %s points, %s by %s.",
            classes.size(),
            classes.stream().filter(gain -> gain.mean() > 0).count(),
            classes.stream().filter(gain -> gain.mean() < 0).count(),
            classes.stream().filter(gain -> gain.accuracy().isHigher()).count(),
            classes.stream().filter(gain -> gain.accuracy().isLower()).count(),
            explanation.name(best.label()),
            Paired.signed(best.accuracy().difference(), 1),
            explanation.name(worst.label()),
            Paired.signed(worst.accuracy().difference(), 1)));
  }

  private void degrees() {
    Estimate correlation = explanation.degrees().correlation();
    if (!explanation.degrees().guiding() && explanation.method().guidance().isPresent()) {
      sentences.add(
          "The label graph of "
              + method
              + " joins no class with another, so degrees are those of the class graph.");
    }
    String graph = explanation.degrees().guiding() ? "label graph" : "class graph";
    if (correlation.runs().isEmpty()) {
      sentences.add(
          "Gains by degree cannot be ranked: all classes have the same degree in the "
              + graph
              + ", or the same gain.");
      return;
    }
    sentences.add(
        "The rank correlation of a class's gain with its degree in the "
            + graph
            + " is "
            + Paired.signed(correlation, 2)
            + (Math.abs(correlation.mean()) > correlation.standardError()
                ? "."
                : ": no relation can be told."));
  }

  private void calibration() {
    Paired error = explanation.calibration();
    sentences.add(
        "The calibration error is "
            + error.change(1, "points lower", "points higher")
            + " ("
            + error.means(1)
            + " %)"
            + doubt(error)
            + ".");
  }

  private void samples() {
    SampleChange samples = explanation.samples();
    sentences.add(
        String.format(
            Locale.ROOT,
            "Of %,d test samples %,d were wrong with every seed of %s and right with every seed of"
                + " %s; for %,d it is the reverse.",
            samples.samples(),
            samples.fixed(),
            baseline,
            method,
            samples.broken()));
  }
}
