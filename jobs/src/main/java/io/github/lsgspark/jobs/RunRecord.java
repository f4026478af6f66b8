package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.ConfigRenderOptions;
import io.github.lsgspark.config.DataSettings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest run of a work directory: the content of run.json, and the summary on the terminal.
 *
 * @param leavesOut whether labelled samples are left out, where there is no test split
 * @param head stages of the main variant
 * @param model that the main variant came to; empty where none was made
 * @param runs every variant
 * @param scores what each evaluated variant reached, in the order of {@code runs}
 * @param closedForms what the head beside a variant's training reached, likewise
 * @param trainings what a variant's training reached where another model may be kept, likewise
 * @param notes lines that end the summary
 */
record RunRecord(
    String workDir,
    boolean demonstration,
    boolean leavesOut,
    boolean compares,
    RunStages head,
    Optional<StageRecord> model,
    List<RunStages> runs,
    List<Optional<Score>> scores,
    List<Optional<Score>> closedForms,
    List<Optional<Score>> trainings,
    List<String> notes) {

  private static final String FILE = "run.json";

  /** What the head is called beside the methods. */
  private static final String CLOSED_FORM = "closed-form";

  /** Behind a method's name: its training, where another model may be kept. */
  private static final String TRAINED = ", trained";

  static RunRecord of(
      StageStore store, Loaded base, RunSpec main, RunStages head, List<RunStages> runs) {
    List<Optional<Score>> scores = new ArrayList<>();
    List<Optional<Score>> closedForms = new ArrayList<>();
    List<Optional<Score>> trainings = new ArrayList<>();
    for (RunStages run : runs) {
      scores.add(score(store, run, Stages.EVALUATE));
      closedForms.add(score(store, run, Stages.EVALUATE_HEAD));
      trainings.add(score(store, run, Stages.EVALUATE_TRAIN));
    }
    return new RunRecord(
        store.workDir(),
        base.settings().data().train().startsWith("drawn:"),
        base.settings().data().testSplit() == DataSettings.TestSplit.NONE,
        base.compare().isPresent(),
        head,
        head.published(main.settings()),
        List.copyOf(runs),
        scores,
        closedForms,
        trainings,
        base.settings().report().notes());
  }

  private static Optional<Score> score(StageStore store, RunStages run, Stage evaluation) {
    return Optional.ofNullable(run.stages().get(evaluation))
        .map(evaluated -> evaluated.file("metrics.json"))
        .map(file -> Score.of(Json.read(store.files(), file)));
  }

  /** All methods, the trainings beside what is kept, and the closed form of each seed. */
  private Comparison comparison() {
    List<RunStages> all = new ArrayList<>(runs);
    List<Optional<Score>> reached = new ArrayList<>(scores);
    for (int i = 0; i < runs.size(); i++) {
      RunStages run = runs.get(i);
      all.add(new RunStages(run.method() + TRAINED, run.seed(), Map.of()));
      reached.add(trainings.get(i));
    }
    for (int i = 0; i < runs.size(); i++) {
      all.add(new RunStages(CLOSED_FORM, runs.get(i).seed(), Map.of()));
      reached.add(closedForms.get(i));
    }
    return new Comparison(all, reached);
  }

  /** Every key of a configuration that differs from nothing: as HOCON, for the report. */
  static String configuration(Loaded loaded) {
    return loaded
        .effective()
        .root()
        .render(ConfigRenderOptions.defaults().setJson(false).setOriginComments(false));
  }

  void write(HadoopFiles files) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("finished", Instant.now().toString());
    json.put("demonstration", demonstration);
    model.ifPresent(made -> json.put("model", made.path()));
    json.put("stages", byName(head.stages()));
    List<Map<String, Object>> all = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Map<String, Object> run = new LinkedHashMap<>();
      run.put("method", runs.get(i).method());
      run.put("seed", runs.get(i).seed());
      scores.get(i).ifPresent(score -> run.put("metrics", score.values()));
      run.put("stages", byName(runs.get(i).stages()));
      all.add(run);
    }
    json.put("runs", all);
    json.put("metrics", metrics());
    Json.write(files, HadoopFiles.path(workDir, FILE), json);
  }

  private static Map<String, StageRecord> byName(Map<Stage, StageRecord> stages) {
    Map<String, StageRecord> named = new LinkedHashMap<>();
    stages.forEach((stage, record) -> named.put(stage.name(), record));
    return named;
  }

  /**
   * With a compare block, per method the test accuracy in percent over the seeds; without, the
   * numbers of evaluate's metrics.json as they are.
   */
  Map<String, Object> metrics() {
    Map<String, Object> metrics = new LinkedHashMap<>();
    if (!compares) {
      int at = runs.indexOf(head);
      scores.get(at).ifPresent(score -> metrics.putAll(score.values()));
      closedForms.get(at).ifPresent(score -> metrics.put(CLOSED_FORM, score.values()));
      trainings.get(at).ifPresent(score -> metrics.put("trained", score.values()));
      return metrics;
    }
    Comparison comparison = comparison();
    comparison.methods().forEach(metrics::put);
    comparison.seen().forEach((method, of) -> metrics.put(method + ", seen classes", of));
    comparison.byNames().forEach((method, of) -> metrics.put(method + ", unseen by names", of));
    return metrics;
  }

  /** What is printed at the end of a run. */
  String summary() {
    StringBuilder text = new StringBuilder();
    if (scores.stream().anyMatch(Optional::isPresent)) {
      text.append('\n');
      if (leavesOut) {
        text.append(comparison().table("left-out accuracy, %"));
        text.append(
            "No test split: each labelled sample is judged by a head fitted to the others.\n");
      } else {
        text.append(comparison().table());
      }
      if (demonstration) {
        text.append("A demonstration: samples made by the program, not a benchmark.\n");
      }
    }
    text.append('\n');
    Map<String, String> lines = new LinkedHashMap<>();
    head.stages().forEach((stage, record) -> lines.put(stage.name(), record.path()));
    head.stages()
        .forEach(
            (stage, record) ->
                stage.prints().forEach((word, file) -> lines.put(word, record.file(file))));
    lines.put(FILE, HadoopFiles.path(workDir, FILE));
    int width = lines.keySet().stream().mapToInt(String::length).max().orElseThrow();
    lines.forEach(
        (word, path) ->
            text.append(word)
                .append(" ".repeat(width + 1 - word.length()))
                .append(path)
                .append('\n'));
    if (!notes.isEmpty()) {
      text.append('\n');
      notes.forEach(note -> text.append(note).append('\n'));
    }
    return text.toString();
  }

  /**
   * The numbers of one evaluation.
   *
   * @param values top-level numbers of metrics.json
   * @param ensemble accuracy of head and prototypes together, if it was measured
   * @param unseen what is measured where classes have no labels
   */
  record Score(
      Map<String, Double> values, Optional<Double> ensemble, Optional<UnseenScore> unseen) {

    static Score of(JsonNode metrics) {
      Map<String, Double> values = new LinkedHashMap<>();
      metrics.properties().stream()
          .filter(entry -> entry.getValue().isNumber())
          .forEach(entry -> values.put(entry.getKey(), entry.getValue().asDouble()));
      JsonNode ensemble = metrics.path("ensemble").path("accuracy");
      return new Score(
          values,
          ensemble.isNumber() ? Optional.of(ensemble.asDouble()) : Optional.empty(),
          UnseenScore.of(metrics.path("unseen")));
    }

    double accuracy() {
      return values.getOrDefault("accuracy", Double.NaN);
    }
  }
}
