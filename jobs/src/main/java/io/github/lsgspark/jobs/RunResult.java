package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.report.explanation.Guidance;
import java.util.Map;
import java.util.Optional;

/** What one variant's stages came to, in the order in which they ran. */
record RunResult(String method, long seed, Map<Stage, StageRecord> stages) {

  /**
   * The semantic graph that guided the training; empty without one.
   *
   * @param settings of the variant
   */
  Optional<Guidance> guidance(Settings settings) {
    return Optional.ofNullable(stages.get(Stage.GRAPH))
        .map(graph -> new Guidance(settings.lsg().labelGraph(), graph.path()));
  }
}
