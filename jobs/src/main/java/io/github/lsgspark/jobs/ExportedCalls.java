package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.jobs.submit.Submission;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
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
    Set<String> told = new LinkedHashSet<>();
    Map<String, Object> stages = new LinkedHashMap<>();
    String program = jar;
    String config = "";
    for (Map.Entry<Stage, Set<Stage>> stage : needs(options.load()).entrySet()) {
      Map<String, Object> call =
          new Submission(
                  options.request(stage.getKey().folder(), List.of(), program),
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
      entry.put("needs", stage.getValue().stream().map(Stage::folder).toList());
      entry.put("call", call);
      stages.put(stage.getKey().folder(), entry);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("versions", Versions.all());
    json.put("config", config);
    json.put("work_dir", config.replaceFirst("/submitted/[^/]*$", ""));
    json.put("stages", stages);
    return json;
  }

  /**
   * The stages that a report is made of, and for each those that must be done right before it: what
   * follows from these is left out.
   */
  static Map<Stage, Set<Stage>> needs(Loaded loaded) {
    List<RunSpec> variants = RunSpec.of(loaded);
    Map<Stage, Set<Stage>> all = new EnumMap<>(Stage.class);
    for (Stage stage : needed(Stage.REPORT, variants)) {
      all.put(stage, before(stage, variants));
    }
    all.put(Stage.PREDICT, before(Stage.PREDICT, variants));
    all.put(Stage.REPORT, EnumSet.copyOf(all.keySet()));
    Map<Stage, Set<Stage>> direct = new EnumMap<>(Stage.class);
    all.forEach(
        (stage, before) -> {
          List<Stage> implied = new ArrayList<>();
          before.forEach(other -> implied.addAll(all.get(other)));
          EnumSet<Stage> rest = EnumSet.noneOf(Stage.class);
          rest.addAll(before);
          implied.forEach(rest::remove);
          direct.put(stage, rest);
        });
    return direct;
  }

  private static Set<Stage> before(Stage stage, List<RunSpec> variants) {
    Set<Stage> before = needed(stage, variants);
    before.remove(stage);
    return before;
  }

  private static Set<Stage> needed(Stage target, List<RunSpec> variants) {
    EnumSet<Stage> needed = EnumSet.noneOf(Stage.class);
    for (RunSpec variant : variants) {
      needed.addAll(PipelineRun.needed(target, variant.settings()));
    }
    return needed;
  }
}
