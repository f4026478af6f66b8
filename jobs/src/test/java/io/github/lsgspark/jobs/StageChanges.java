package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.storage.Fingerprint;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Which stages of a run a changed key makes anew, and which a stage needs. */
final class StageChanges {
  /** A run with the label graph. */
  static final String BASE =
      "data.train = \"drawn:novel\", lsg.label-graph = text, train { start = random, keep = trained }\n";

  private static final StageChain CHAIN = new StageChain(OneMachine.PLAIN);

  private StageChanges() {}

  /** Stages by their names, with blanks between them; null: none. */
  static Set<Stage> stages(String names) {
    Set<Stage> stages = new HashSet<>();
    if (names != null) {
      for (String name : names.strip().split(" ")) {
        stages.add(Stages.of(List.of()).named(name.toLowerCase(Locale.ROOT)).orElseThrow());
      }
    }
    return stages;
  }

  /** The stages that one needs, itself among them. */
  static Set<Stage> needed(Stage target, String hocon) {
    return Goal.of(Stages.of(List.of()), target).needed(SettingsLoader.load(hocon, Map.of()));
  }

  /** The fingerprints of all stages of a run but the report, chained as in it. */
  static Map<Stage, Fingerprint> chain(String hocon) {
    return CHAIN.ofRun(hocon);
  }

  /** The stages of the run BASE that keys change. */
  static Set<Stage> changedBy(String hocon) {
    return changedBy(BASE, hocon);
  }

  /** The stages of a run that keys change. */
  static Set<Stage> changedBy(String base, String hocon) {
    return StageChain.changed(chain(base), chain(base + hocon));
  }
}
