package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.HtmlTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison as HTML tables. */
final class ChangeTables {
  /** Confusions shown each way. */
  private static final int CONFUSIONS = 10;

  /** Classes shown at each end. */
  private static final int CLASSES = 8;

  private final Explanation explanation;

  ChangeTables(Explanation explanation) {
    this.explanation = explanation;
  }

  /** Errors by the steps between the true and the predicted class, and how good they are. */
  String steps() {
    ErrorChange errors = explanation.errors();
    List<List<String>> rows = new ArrayList<>();
    for (int group = 0; group < RunErrors.STEP_GROUPS; group++) {
      rows.add(
          row(
              errors.bySteps().get(group),
              1,
              ErrorChange.steps(group),
              number(100 * explanation.pairsBySteps()[group], 1)));
    }
    rows.add(row(errors.errors(), 1, "all errors", ""));
    if (errors.semanticError().isMeasured()) {
      rows.add(row(errors.semanticError(), 3, "mean semantic error", ""));
    }
    rows.add(row(explanation.calibration(), 1, "calibration error, %", ""));
    return html(
        "Errors by steps",
        headings("errors per 100 test samples by steps", "of all pairs, %"),
        rows);
  }

  /** What was confused less often, or more often; per 100 test samples of the true class. */
  String confusions(String caption, List<ConfusionChange> changes) {
    List<String> headings = headings("class", "taken for");
    headings.addAll(List.of("steps", "semantic distance", "nearest, place"));
    List<List<String>> rows = new ArrayList<>();
    for (ConfusionChange change : changes.subList(0, Math.min(CONFUSIONS, changes.size()))) {
      List<String> row =
          row(
              change.rate(),
              1,
              explanation.name(change.label()),
              explanation.name(change.predicted()));
      row.add(ErrorChange.steps(RunErrors.group(change.steps())));
      row.add(number(change.semantic(), 2));
      row.add(Integer.toString(change.rank()));
      rows.add(row);
    }
    return html(caption, headings, rows);
  }

  /** The classes that gained most and those that lost most. */
  String classes() {
    List<ClassGain> all = explanation.classes();
    List<List<String>> rows = new ArrayList<>();
    for (int c = 0; c < all.size(); c++) {
      if (c < CLASSES || c >= all.size() - CLASSES) {
        ClassGain gain = all.get(c);
        rows.add(
            row(gain.accuracy(), 1, explanation.name(gain.label()), Long.toString(gain.samples())));
      }
    }
    return html(
        "Classes that changed most", headings("class, accuracy in %", "test samples"), rows);
  }

  /** Accuracy by degree in the label graph. */
  String degrees() {
    List<List<String>> rows = new ArrayList<>();
    for (DegreeGains.Group group : explanation.degrees().groups()) {
      rows.add(row(group.accuracy(), 1, group.degrees(), number(group.classes(), 0)));
    }
    return html("Accuracy by degree", headings("degree, accuracy in %", "classes"), rows);
  }

  private List<String> headings(String first, String second) {
    return new ArrayList<>(
        List.of(
            first,
            second,
            explanation.baseline().name(),
            explanation.method().name(),
            "difference"));
  }

  private static List<String> row(Paired paired, int digits, String first, String second) {
    return new ArrayList<>(
        List.of(
            first,
            second,
            number(paired.baseline().mean(), digits),
            number(paired.method().mean(), digits),
            Paired.signed(paired.difference(), digits)));
  }

  private static String number(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  private static String html(String caption, List<String> headings, List<List<String>> rows) {
    int names = headings.contains("taken for") ? 2 : 1;
    HtmlTable table = new HtmlTable(caption, headings).names(names).sortable();
    rows.forEach(table::row);
    return table.html();
  }
}
