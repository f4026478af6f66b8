package io.github.lsgspark.jobs.tracking;

import java.util.List;
import java.util.Map;

/**
 * A run as a tracking server is told of it.
 *
 * @param fingerprint of what it made: a run of the same is told once
 * @param params settings by key
 * @param metrics by name
 * @param history of the training: numbers by name at each step
 * @param files content of small files by name
 */
public record TrackedRun(
    String name,
    String fingerprint,
    Map<String, String> params,
    Map<String, String> tags,
    Map<String, Double> metrics,
    List<Step> history,
    Map<String, byte[]> files) {

  /** Numbers of one step of a training. */
  public record Step(long step, Map<String, Double> metrics) {}
}
