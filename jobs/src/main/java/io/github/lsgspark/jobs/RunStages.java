package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.report.explanation.Guidance;
import java.util.Map;
import java.util.Optional;

/** What one variant's stages came to, in the order in which they ran. */
record RunStages(String method, long seed, Map<Stage, StageRecord> stages) {

  /** The output of a stage that was needed. */
  StageRecord stage(String name) {
    return stages.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .findFirst()
        .orElseThrow()
        .getValue();
  }

  /** The training, or where nothing is trained the head. */
  StageRecord model() {
    return stages.containsKey(Stages.TRAIN) ? stage("train") : stage("head");
  }

  /** The model that the run comes to; empty where it made none. */
  Optional<StageRecord> published(Settings settings) {
    return Optional.ofNullable(stages.get(Published.stage(settings)));
  }

  /**
   * The semantic graph that guided the training; empty without one.
   *
   * @param settings of the variant
   */
  Optional<Guidance> guidance(Settings settings) {
    return Optional.ofNullable(stages.get(Stages.GRAPH))
        .map(graph -> new Guidance(settings.lsg().labelGraph(), graph.path()));
  }
}
