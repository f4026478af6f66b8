package io.github.lsgspark.jobs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import io.github.lsgspark.storage.StageOutput;
import io.github.lsgspark.storage.StageStore;
import io.github.lsgspark.training.metrics.ProgressLine;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Which outputs a run needs, which of them are there, and what the others would cost, by what the
 * newest output of the same stage in the work directory took.
 */
final class RunPlan implements StageExecutor.Look {
  private static final String ROW = "%-14s %5s %8s  %-14s %s";

  private final StageStore store;
  private final Map<Stage, Row> rows = new LinkedHashMap<>();
  private final Map<Stage, OptionalDouble> earlier = new HashMap<>();
  private final Set<String> absent = new HashSet<>();

  /** Of stages over files of other outputs: what stands for them, and what they are. */
  private final Map<Fingerprint, Fingerprint> known = new HashMap<>();

  /** The outputs of one stage. */
  private static final class Row {
    private final Set<Fingerprint> there = new LinkedHashSet<>();
    private final Set<Fingerprint> toMake = new LinkedHashSet<>();
    private final Set<String> amounts = new LinkedHashSet<>();
  }

  private RunPlan(StageStore store) {
    this.store = store;
  }

  /**
   * What variants need for a goal, what of it is there, and what is not. Makes nothing and needs no
   * Spark.
   *
   * @param grid whether they are the runs of a grid, over which there is an output
   */
  static RunPlan of(PipelineRun run, List<RunSpec> variants, Goal goal, boolean grid) {
    RunPlan plan = new RunPlan(run.store());
    PipelineRun planning = run.planning(plan);
    walk(planning, variants, goal, grid);
    // Variants that are made tell of those before them which class names they have.
    plan.rows.clear();
    plan.absent.clear();
    walk(planning, variants, goal, grid);
    return plan;
  }

  private static void walk(PipelineRun planning, List<RunSpec> variants, Goal goal, boolean grid) {
    RunSpec main = RunSpec.main(variants);
    List<StageInputs.Finished> finished = new ArrayList<>();
    Map<Stage, StageRecord> ofMain = new LinkedHashMap<>();
    for (RunSpec variant : goal.ofMainOnly() ? List.of(main) : variants) {
      RunStages stages = planning.run(variant, goal.ofEach(variant.loaded()));
      finished.add(new StageInputs.Finished(variant, stages));
      if (variant.equals(main)) {
        ofMain.putAll(stages.stages());
      }
    }
    if (grid) {
      planning.grid(finished);
      return;
    }
    for (Stage stage : goal.after(main.loaded())) {
      ofMain.put(stage, planning.obtain(stage, main.loaded(), ofMain, finished));
    }
  }

  @Override
  public void found(Stage stage, StageOutput output) {
    row(stage).there.add(output.fingerprint());
  }

  @Override
  public StageRecord absent(Stage stage, Loaded loaded, StageOutput place) {
    Row row = row(stage);
    row.toMake.add(place.fingerprint());
    String amount = stage.amount(loaded);
    if (!amount.isEmpty()) {
      row.amounts.add(amount);
    }
    absent.add(place.path());
    return new StageRecord(place.path(), place.fingerprint(), 0, false);
  }

  private Row row(Stage stage) {
    return rows.computeIfAbsent(stage, unused -> new Row());
  }

  /**
   * The fingerprint of a stage, or what stands for it if it depends on files of an output that is
   * not made: that of the same stage and settings over an output that is, if there is one.
   */
  Fingerprint fingerprint(StageFingerprints fingerprints, Stage stage, StageInputs inputs) {
    List<StageRecord> parts = inputs.inPart();
    if (parts.isEmpty()) {
      return fingerprints.of(stage, inputs);
    }
    Fingerprint planned = fingerprints.planned(stage, inputs);
    if (parts.stream().anyMatch(part -> absent.contains(part.path()))) {
      return known.getOrDefault(planned, planned);
    }
    Fingerprint real = fingerprints.of(stage, inputs);
    known.putIfAbsent(planned, real);
    return real;
  }

  /** For people, a line a stage. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line("stage", "there", "to make", "takes about", "what it does"));
    int toMake = 0;
    double seconds = 0;
    List<String> unknown = new ArrayList<>();
    for (Map.Entry<Stage, Row> entry : rows.entrySet()) {
      Stage stage = entry.getKey();
      Row row = entry.getValue();
      int missing = row.toMake.size();
      OptionalDouble each = missing == 0 ? OptionalDouble.of(0) : earlier(stage);
      if (each.isEmpty()) {
        unknown.add(stage.name());
      }
      toMake += missing;
      seconds += missing * each.orElse(0);
      lines.add(
          line(
              stage.name(),
              Integer.toString(row.there.size()),
              Integer.toString(missing),
              missing == 0
                  ? "-"
                  : each.isEmpty() ? "?" : ProgressLine.duration(missing * each.getAsDouble()),
              what(stage, row)));
    }
    lines.add("");
    if (toMake == 0) {
      lines.add("All of it is there: a run of it makes nothing.");
      return lines;
    }
    lines.add(
        "%d to make%s"
            .formatted(
                toMake,
                unknown.size() == rowsToMake()
                    ? "; nothing in " + store.workDir() + " tells how long it takes"
                    : ", about %s by what the newest output of each stage took%s"
                        .formatted(
                            ProgressLine.duration(seconds),
                            unknown.isEmpty()
                                ? ""
                                : "; " + String.join(", ", unknown) + " not counted")));
    return lines;
  }

  private long rowsToMake() {
    return rows.values().stream().filter(row -> !row.toMake.isEmpty()).count();
  }

  private static String what(Stage stage, Row row) {
    return row.amounts.isEmpty()
        ? stage.work()
        : stage.work() + ": " + String.join("; ", row.amounts);
  }

  private static String line(String stage, String there, String toMake, String time, String what) {
    return String.format(Locale.ROOT, ROW, stage, there, toMake, time, what).stripTrailing();
  }

  /** What the newest output of a stage took, in seconds. */
  private OptionalDouble earlier(Stage stage) {
    return earlier.computeIfAbsent(stage, this::newest);
  }

  private OptionalDouble newest(Stage stage) {
    String folder = HadoopFiles.path(store.workDir(), stage.name());
    String last = "";
    OptionalDouble seconds = OptionalDouble.empty();
    for (String name : store.files().list(folder)) {
      Optional<JsonNode> manifest =
          name.startsWith("_") ? Optional.empty() : manifest(HadoopFiles.path(folder, name));
      String finished = manifest.map(node -> node.path("finished").asText()).orElse("");
      if (finished.compareTo(last) > 0) {
        last = finished;
        seconds = OptionalDouble.of(manifest.get().path("seconds").asDouble());
      }
    }
    return seconds;
  }

  /** That of an output; a damaged one tells nothing. */
  private Optional<JsonNode> manifest(String output) {
    try {
      Optional<String> text =
          store.files().readIfThere(HadoopFiles.path(output, StageStore.MANIFEST));
      return text.isEmpty() ? Optional.empty() : Optional.of(Json.tree(text.get()));
    } catch (JsonProcessingException | UncheckedIOException e) {
      return Optional.empty();
    }
  }
}
