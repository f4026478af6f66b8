package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An output that a stage takes.
 *
 * @param name what the taking stage calls it, in its fingerprint and in manifests
 * @param stage that makes it
 * @param when it is taken
 * @param condition the same in words; empty: always
 * @param whole whether all of it counts; of another, the taking stage's {@link Stage#key} adds what
 *     it reads
 * @param configuration makes the configuration that it is made by of the whole file; empty: the one
 *     that the taking stage is made by
 */
public record StageInput(
    String name,
    String stage,
    Predicate<Loaded> when,
    String condition,
    boolean whole,
    Optional<UnaryOperator<Loaded>> configuration) {

  /** An output that is always taken, whole. */
  public static StageInput of(String stage) {
    return new StageInput(stage, stage, all -> true, "", true, Optional.empty());
  }

  /**
   * The same under a condition.
   *
   * @param words the condition, for people: "lsg.enabled = true"
   */
  public StageInput onlyIf(Predicate<Loaded> condition, String words) {
    return new StageInput(name, stage, condition, words, whole, configuration);
  }

  /** The same, of which only a part is read. */
  public StageInput inPart() {
    return new StageInput(name, stage, when, condition, false, configuration);
  }

  /** The same, made by another configuration, under a name of its own. */
  public StageInput by(String name, UnaryOperator<Loaded> configuration) {
    return new StageInput(name, stage, when, condition, whole, Optional.of(configuration));
  }
}
