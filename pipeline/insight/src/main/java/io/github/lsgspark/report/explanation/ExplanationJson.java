package io.github.lsgspark.report.explanation;

import io.github.lsgspark.report.page.Estimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A comparison for programs; every key is described in docs/explanation.md. */
final class ExplanationJson {
  private final Explanation explanation;

  ExplanationJson(Explanation explanation) {
    this.explanation = explanation;
  }

  Map<String, Object> content() {
    Map<String, Object> json = new LinkedHashMap<>();
    explanation.budget().ifPresent(budget -> json.put("budget", budget));
    json.put("method", explanation.method().name());
    json.put("baseline", explanation.baseline().name());
    json.put("label_graph", labelGraph(explanation.method()));
    json.put("classifier", explanation.method().classifier());
    json.put("baseline_classifier", explanation.baseline().classifier());
    json.put("sentences", Sentences.of(explanation));
    json.putAll(errors(explanation.errors()));
    json.put("pairs_by_steps", explanation.pairsBySteps());
    json.put("ece", explanation.calibration());
    json.put("reliability", reliability());
    Map<String, Object> confusions = new LinkedHashMap<>();
    confusions.put("removed", confusions(explanation.confusions().removed()));
    confusions.put("added", confusions(explanation.confusions().added()));
    json.put("confusions", confusions);
    json.put("per_class", classes());
    json.put("degree", degrees());
    Map<String, Object> samples = new LinkedHashMap<>();
    samples.put("compared", explanation.samples().samples());
    samples.put("fixed", explanation.samples().fixed());
    samples.put("broken", explanation.samples().broken());
    samples.put("fixed_ids", explanation.samples().fixedIds());
    samples.put("broken_ids", explanation.samples().brokenIds());
    json.put("samples", samples);
    json.put("controls", explanation.controls().stream().map(ExplanationJson::control).toList());
    return json;
  }

  private static String labelGraph(Explanation.Side side) {
    return side.guidance().map(Guidance::key).orElse("none");
  }

  private static Map<String, Object> control(Explanation.Control control) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("method", control.side().name());
    json.put("label_graph", labelGraph(control.side()));
    json.putAll(errors(control.change()));
    return json;
  }

  private static Map<String, Object> errors(ErrorChange change) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("seeds", change.seeds());
    json.put("errors_per_100", change.errors());
    json.put("errors_per_100_by_steps", change.bySteps());
    json.put("near_errors_per_100", change.near());
    json.put("far_errors_per_100", change.far());
    json.put("mean_semantic_error", change.semanticError());
    return json;
  }

  private Map<String, Object> reliability() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int side = 0; side < 2; side++) {
      List<Map<String, Object>> bins = new ArrayList<>();
      for (RunErrors.Bin bin : explanation.diagram().get(side)) {
        if (bin.count() > 0) {
          Map<String, Object> entry = new LinkedHashMap<>();
          entry.put("confidence", bin.confidence() / bin.count());
          entry.put("accuracy", (double) bin.correct() / bin.count());
          entry.put("count", bin.count());
          bins.add(entry);
        }
      }
      json.put(side == 0 ? "baseline" : "method", bins);
    }
    return json;
  }

  private List<Map<String, Object>> confusions(List<ConfusionChange> changes) {
    List<Map<String, Object>> list = new ArrayList<>();
    for (ConfusionChange change : changes) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("label", explanation.name(change.label()));
      json.put("predicted", explanation.name(change.predicted()));
      json.put("per_run", change.times());
      json.put("per_100_of_label", change.rate());
      json.put("semantic_distance", change.semantic());
      json.put("steps", change.steps());
      json.put("neighbour_rank", change.rank());
      list.add(json);
    }
    return list;
  }

  private Map<String, Object> classes() {
    Map<String, Object> json = new LinkedHashMap<>();
    for (ClassGain gain : explanation.classes()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("samples", gain.samples());
      entry.putAll(accuracy(gain.accuracy()));
      json.put(explanation.name(gain.label()), entry);
    }
    return json;
  }

  private static Map<String, Object> accuracy(Paired accuracy) {
    Estimate gain = accuracy.difference();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("baseline", accuracy.baseline().mean());
    json.put("method", accuracy.method().mean());
    json.put("gain", gain.mean());
    json.put("gain_se", gain.standardError());
    return json;
  }

  private Map<String, Object> degrees() {
    DegreeGains degrees = explanation.degrees();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("graph", degrees.guiding() ? "semantic graph" : "class graph");
    List<Map<String, Object>> groups = new ArrayList<>();
    for (DegreeGains.Group group : degrees.groups()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("from", group.from());
      entry.put("to", group.to());
      entry.put("classes", group.classes());
      entry.putAll(accuracy(group.accuracy()));
      groups.add(entry);
    }
    json.put("groups", groups);
    json.put("gain_spearman", degrees.correlation());
    return json;
  }
}
