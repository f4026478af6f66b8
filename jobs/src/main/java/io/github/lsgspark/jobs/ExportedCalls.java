package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.submit.Submission;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The calls of spark-submit that make one configuration stage by stage, and which stage needs
 * which: what a scheduler on another machine must know to run them as tasks of its own.
 */
final class ExportedCalls {
  /** Of the JSON; raised when a reader of an earlier one would misread it. */
  private static final int FORMAT = 1;

  private ExportedCalls() {}

  /**
   * @param jar of the program on this machine
   * @param home the launcher's folder
   * @param log takes lines for the person who exports
   */
  static Map<String, Object> of(
      RunOptions options,
      String jar,
      String home,
      Map<String, String> environment,
      Consumer<String> log) {
    Loaded loaded = options.load();
    Set<String> told = new LinkedHashSet<>();
    Map<String, Object> stages = new LinkedHashMap<>();
    String program = jar;
    String config = "";
    for (Map.Entry<Stage, List<Stage>> stage : needs(loaded).entrySet()) {
      Map<String, Object> call =
          new Submission(
                  options.request(
                      stage.getKey().name(), trains(loaded, stage.getKey()), List.of(), program),
                  home,
                  environment,
                  message -> {
                    if (told.add(message)) {
                      log.accept(message);
                    }
                  })
              .exported();
      // Brought along once: its content need not be read again for every stage.
      program = (String) call.get("application");
      config = (String) ((List<?>) call.get("application_args")).get(2);
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("needs", stage.getValue().stream().map(Stage::name).toList());
      entry.put("call", call);
      stages.put(stage.getKey().name(), entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("versions", Versions.all());
    json.put("config", config);
    json.put("work_dir", config.replaceFirst("/submitted/[^/]*$", ""));
    json.put("stages", stages);
    return json;
  }

  /** Whether a stage trains, or one that it takes an output of. */
  static boolean trains(Loaded loaded, Stage stage) {
    return RunSpec.of(loaded).stream()
        .anyMatch(variant -> Goal.of(Stages.found(), stage).trains(variant.loaded()));
  }

  /**
   * The stages of a run, and for each those that must be done right before it: what follows from
   * these is left out.
   */
  static Map<Stage, List<Stage>> needs(Loaded loaded) {
    Stages stages = Stages.found();
    List<RunSpec> variants = RunSpec.of(loaded);
    Map<Stage, Set<Stage>> all = new LinkedHashMap<>();
    for (Stage stage : needed(Goal.run(stages), variants)) {
      Set<Stage> before = needed(Goal.of(stages, stage), variants);
      before.remove(stage);
      all.put(stage, before);
    }
    Map<Stage, List<Stage>> direct = new LinkedHashMap<>();
    all.forEach(
        (stage, before) -> {
          Set<Stage> implied = new HashSet<>();
          before.forEach(other -> implied.addAll(all.get(other)));
          direct.put(stage, before.stream().filter(other -> !implied.contains(other)).toList());
        });
    return direct;
  }

  /** What any of the variants needs, in order. */
  private static Set<Stage> needed(Goal goal, List<RunSpec> variants) {
    Set<Stage> needed = new LinkedHashSet<>(goal.stages().all());
    Set<Stage> any = new HashSet<>();
    variants.forEach(variant -> any.addAll(goal.needed(variant.loaded())));
    needed.retainAll(any);
    return needed;
  }
}
