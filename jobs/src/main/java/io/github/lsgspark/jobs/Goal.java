package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a command is to make: one stage with all that it takes, or a whole run.
 *
 * @param stage empty: a whole run
 */
record Goal(Stages stages, Optional<Stage> stage) {

  /** One stage. */
  static Goal of(Stages stages, Stage stage) {
    return new Goal(stages, Optional.of(stage));
  }

  /** All stages of {@code lsg run}. */
  static Goal run(Stages stages) {
    return new Goal(stages, Optional.empty());
  }

  /** The stages of a configuration that are needed, in order. */
  Set<Stage> needed(Loaded loaded) {
    return stages.needed(stage.map(List::of).orElseGet(() -> stages.ofRun(loaded)), loaded);
  }

  /** Those that each variant has. */
  Set<Stage> ofEach(Loaded loaded) {
    Set<Stage> needed = needed(loaded);
    needed.removeIf(each -> each.scope() != Stage.Scope.EACH_RUN);
    return needed;
  }

  /** Those that follow when all variants are done. */
  List<Stage> after(Loaded loaded) {
    return needed(loaded).stream().filter(each -> each.scope() != Stage.Scope.EACH_RUN).toList();
  }

  /** Whether only the main variant is needed. */
  boolean ofMainOnly() {
    return stage.isPresent() && stage.get().scope() == Stage.Scope.MAIN_RUN;
  }

  /** Whether something is trained for it, or may have to be. */
  boolean trains(Loaded loaded) {
    return needed(loaded).contains(Stages.TRAIN);
  }
}
