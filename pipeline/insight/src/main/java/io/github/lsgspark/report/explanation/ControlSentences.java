package io.github.lsgspark.report.explanation;

import java.util.ArrayList;
import java.util.List;

/**
 * What may be said about the meaning of the label texts. Only controls can show that it has a part
 * in a gain: they are guided by a graph too, but by one of other texts.
 */
final class ControlSentences {
  private ControlSentences() {}

  /** Nothing for a method without a label graph. */
  static List<String> of(Explanation explanation) {
    String method = explanation.method().name();
    if (explanation.method().isControl()) {
      return List.of(
          method
              + " is a control, guided by "
              + explanation.method().guidance().orElseThrow().words()
              + ": what it changes is not the work of the labels' meaning.");
    }
    if (!explanation.method().isGuidedByText()) {
      return List.of();
    }
    if (explanation.controls().isEmpty()) {
      return List.of(
          "No control (lsg.label-graph = shuffled or one-hot) is among the methods, so nothing here"
              + " says whether the meaning of the label texts has a part in this, or any graph would"
              + " have done the same.");
    }
    List<String> sentences = new ArrayList<>();
    for (Explanation.Control control : explanation.controls()) {
      sentences.add(against(method, control));
    }
    sentences.add(conclusion(explanation));
    return sentences;
  }

  private static String against(String method, Explanation.Control control) {
    String name = control.side().name();
    ErrorChange change = control.change();
    String sentence =
        "Against the control "
            + name
            + ", guided by "
            + control.side().guidance().orElseThrow().words()
            + ", "
            + method
            + " made "
            + Sentences.errors(change.errors(), name);
    return change.semanticError().isMeasured()
        ? sentence
            + "; its wrong predictions are "
            + Sentences.nearness(change.semanticError(), name)
            + "."
        : sentence + ".";
  }

  private static String conclusion(Explanation explanation) {
    String method = explanation.method().name();
    List<Explanation.Control> controls = explanation.controls();
    String nearer =
        controls.stream().allMatch(control -> control.change().semanticError().isSurelyLower())
            ? " Its wrong predictions are nearer to the true class by label text than those of every"
                + " control (paired t-test, p < 0.05), so the texts have a part in which errors are"
                + " made."
            : "";
    if (!explanation.errors().errors().isLower()) {
      return "No gain over "
          + explanation.baseline().name()
          + " can be told, so there is none to put down to the meaning of the label texts."
          + nearer;
    }
    if (controls.stream().allMatch(control -> control.change().errors().isSurelyLower())) {
      return method
          + " makes fewer errors than every control (paired t-test, p < 0.05): the label texts have"
          + " a part in the gain."
          + nearer;
    }
    if (controls.stream().allMatch(control -> control.change().errors().isLower())) {
      return method
          + " makes fewer errors than every control, but not beyond doubt (paired t-test, p < 0.05,"
          + " at least three seeds): the label texts may have a part in the gain."
          + nearer;
    }
    return method
        + " does not make fewer errors than every control: the gain cannot be put down to the"
        + " meaning of the label texts."
        + nearer;
  }
}
