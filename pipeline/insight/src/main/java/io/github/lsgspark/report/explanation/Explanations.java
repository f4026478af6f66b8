package io.github.lsgspark.report.explanation;

import io.github.lsgspark.evaluation.ClassDistances;
import io.github.lsgspark.report.page.Svg;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Comparisons of methods with a baseline, for a page and for programs. */
public final class Explanations {
  /** The file that holds {@link #json}. */
  public static final String FILE = "explanation.json";

  private final List<Explanation> all;

  Explanations(List<Explanation> all) {
    this.all = List.copyOf(all);
  }

  /** Those of several label budgets, one after the other. */
  public static Explanations of(List<Explanations> parts) {
    List<Explanation> all = new ArrayList<>();
    parts.forEach(part -> all.addAll(part.all));
    return new Explanations(all);
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Samples that a method fixed and broke; empty for the baseline and a method left out. */
  public Optional<SampleChange> samples(String method) {
    return all.stream()
        .filter(explanation -> explanation.method().name().equals(method))
        .findFirst()
        .map(Explanation::samples);
  }

  /** The content of explanation.json (docs/explanation.md). */
  public Map<String, Object> json() {
    return Map.of(
        "comparisons",
        all.stream().map(explanation -> new ExplanationJson(explanation).content()).toList());
  }

  /**
   * Sentences, pictures and tables as HTML.
   *
   * @param unfolded whether pictures and tables of methods that are no controls are open at first
   */
  public String html(boolean unfolded) {
    StringBuilder html = new StringBuilder();
    html.append(
        String.format(
            Locale.ROOT,
            "<p>Differences are paired over the seeds that both methods have: mean ± standard error."
                + " Where one is not larger than its standard error, no difference can be told. The"
                + " class graph"
                + " joins each class with the %d whose label texts are most similar; semantic"
                + " distance is one minus the cosine of the label texts.</p>%n",
            ClassDistances.NEIGHBOURS));
    for (Explanation explanation : all) {
      html.append("<h3>").append(Svg.escape(explanation.heading())).append("</h3>\n");
      if (explanation.changesNothing()) {
        html.append("<p>The same accuracy of every class and the same confidence in it.</p>\n");
        continue;
      }
      html.append("<ul>\n");
      for (String sentence : Sentences.of(explanation)) {
        html.append("<li>").append(Svg.escape(sentence)).append("</li>\n");
      }
      html.append("</ul>\n");
      html.append(unfolded && !explanation.method().isControl() ? "<details open>" : "<details>");
      html.append("<summary>pictures and tables</summary>\n");
      append(html, explanation);
      html.append("</details>\n");
    }
    return html.toString();
  }

  private static void append(StringBuilder html, Explanation explanation) {
    ChangeCharts charts = new ChangeCharts(explanation);
    ChangeTables tables = new ChangeTables(explanation);
    html.append(charts.steps()).append(charts.reliability()).append(tables.steps());
    ConfusionChange.Top confusions = explanation.confusions();
    if (!confusions.removed().isEmpty()) {
      html.append(
          tables.confusions(
              "Confusions removed, per 100 test samples of the class", confusions.removed()));
    }
    if (!confusions.added().isEmpty()) {
      html.append(
          tables.confusions(
              "Confusions added, per 100 test samples of the class", confusions.added()));
    }
    html.append("<h4>Classes that gained and lost most</h4>\n").append(charts.classes());
    html.append(tables.classes());
    html.append("<h4>Accuracy by degree of the class</h4>\n").append(charts.degrees());
    html.append(tables.degrees());
  }
}
