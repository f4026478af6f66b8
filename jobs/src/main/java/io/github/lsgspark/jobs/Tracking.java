package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.config.SettingsReference;
import io.github.lsgspark.jobs.tracking.RunTracker;
import io.github.lsgspark.jobs.tracking.TrackedRun;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * Tells the trackers ({@link RunTracker}) that the settings ask for what variants came to: a run
 * for the work directory with the page, and one below it for each variant with its training's
 * history.
 */
final class Tracking {
  private static final String METRICS = "metrics.json";

  private final Loaded base;
  private final StageStore store;

  Tracking(Loaded base, StageStore store) {
    this.base = base;
    this.store = store;
  }

  /**
   * Asks the server for the experiment, before any long work.
   *
   * @throws LsgException exit 2 if its address is none, exit 4 if it does not answer
   */
  void check() {
    try (Open open = new Open()) {
      open.trackers.forEach(RunTracker::check);
    }
  }

  /** The trackers that the settings ask for. */
  private final class Open implements AutoCloseable {
    private final List<RunTracker> trackers = new ArrayList<>();

    Open() {
      for (RunTracker.Kind kind : ServiceLoader.load(RunTracker.Kind.class)) {
        kind.open(base.settings()).ifPresent(trackers::add);
      }
    }

    @Override
    public void close() {
      trackers.forEach(RunTracker::close);
    }
  }

  /**
   * Tells of variants that were evaluated; of none if none was.
   *
   * @param whole figures over all of them
   * @param page path of the page
   * @throws LsgException exit 4 if the server does not answer
   */
  void tell(Map<RunSpec, RunStages> runs, Map<String, ?> whole, String page) {
    try (Open open = new Open()) {
      if (!open.trackers.isEmpty()) {
        tell(open.trackers, runs, whole, page);
      }
    }
  }

  private void tell(
      List<RunTracker> trackers, Map<RunSpec, RunStages> runs, Map<String, ?> whole, String page) {
    Map<RunSpec, StageRecord> evaluated = new LinkedHashMap<>();
    StringBuilder all = new StringBuilder(store.workDir()).append('\n');
    runs.forEach(
        (spec, stages) -> {
          StageRecord evaluation = stages.stages().get(Stages.EVALUATE);
          if (evaluation != null) {
            evaluated.put(spec, evaluation);
            all.append(spec).append(' ').append(evaluation.fingerprint()).append('\n');
          }
        });
    if (evaluated.isEmpty()) {
      return;
    }
    // With another set of variants all of them are told again, below a run of their own.
    String fingerprint = Fingerprint.ofText(all.toString()).hex();
    List<TrackedRun> parts = new ArrayList<>();
    evaluated.forEach(
        (spec, evaluation) -> parts.add(part(spec, runs.get(spec), evaluation, fingerprint)));
    HadoopFiles files = store.files();
    TrackedRun parent =
        new TrackedRun(
            new Path(store.workDir()).getName(),
            fingerprint,
            changed(base.effective(), SettingsReference::defaultOf),
            Map.of("lsg.work-dir", store.workDir(), "lsg.version", Versions.own()),
            numbers(new ObjectMapper().valueToTree(whole)),
            List.of(),
            Map.of(new Path(page).getName(), files.read(page)));
    trackers.forEach(tracker -> tracker.tell(parent, parts));
  }

  private TrackedRun part(RunSpec spec, RunStages stages, StageRecord evaluated, String whole) {
    HadoopFiles files = store.files();
    Map<String, String> params = new LinkedHashMap<>();
    params.put("method", spec.method());
    Map<String, String> common = rendered(base.effective());
    params.putAll(changed(spec.loaded().effective(), key -> Optional.ofNullable(common.get(key))));
    params.putIfAbsent("seed", Long.toString(spec.seed()));
    StageRecord trained = stages.stages().get(Stages.TRAIN);
    JsonNode evaluation = Json.read(files, evaluated.file(METRICS));
    return new TrackedRun(
        spec.toString(),
        Fingerprint.ofText(whole + " " + spec).hex(),
        params,
        Map.of("lsg.evaluate", evaluated.path()),
        numbers(evaluation),
        trained == null ? List.of() : history(Json.read(files, trained.file(METRICS))),
        Map.of());
  }

  private static Map<String, String> rendered(Config settings) {
    Map<String, String> rendered = new TreeMap<>();
    settings
        .withoutPath("tracking")
        .entrySet()
        .forEach(
            entry ->
                rendered.put(
                    entry.getKey(), entry.getValue().render(ConfigRenderOptions.concise())));
    return rendered;
  }

  private interface Usual {
    Optional<String> of(String key);
  }

  private static Map<String, String> changed(Config settings, Usual usual) {
    Map<String, String> changed = rendered(settings);
    changed
        .entrySet()
        .removeIf(entry -> usual.of(entry.getKey()).equals(Optional.of(entry.getValue())));
    return changed;
  }

  /** Every number of an object and the objects in it, by the way to it; lists are left out. */
  static Map<String, Double> numbers(JsonNode object) {
    Map<String, Double> numbers = new TreeMap<>();
    object
        .properties()
        .forEach(
            entry -> {
              JsonNode value = entry.getValue();
              if (value.isNumber()) {
                numbers.put(entry.getKey(), value.asDouble());
              } else if (value.isObject() && !entry.getKey().equals("per_class")) {
                numbers(value).forEach((name, n) -> numbers.put(entry.getKey() + "/" + name, n));
              }
            });
    return numbers;
  }

  private static List<TrackedRun.Step> history(JsonNode training) {
    List<TrackedRun.Step> steps = new ArrayList<>();
    for (JsonNode entry : training.path("history")) {
      Map<String, Double> metrics = new TreeMap<>();
      numbers(entry).forEach((name, value) -> metrics.put("train/" + name, value));
      metrics.remove("train/step");
      steps.add(new TrackedRun.Step(entry.path("step").asLong(), metrics));
    }
    return steps;
  }
}
