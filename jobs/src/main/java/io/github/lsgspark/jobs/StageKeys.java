package io.github.lsgspark.jobs;

import io.github.lsgspark.config.ExperimentSettings;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.storage.Fingerprint;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What each stage's output depends on: the version of its code, the settings that it declares
 * ({@link StageSettings}), the files that these name, and the fingerprints of the stages before it.
 * Settings come with all choices made that they leave to the machines ({@link MachineChoice}).
 */
final class StageKeys {
  private final InputFiles inputs;

  StageKeys(InputFiles inputs) {
    this.inputs = inputs;
  }

  Fingerprint prepare(Settings settings) {
    return begin(Stage.PREPARE, settings).build();
  }

  /**
   * @param labels content of labels.json; the samples themselves do not matter
   */
  Fingerprint embed(Settings settings, String labels) {
    return begin(Stage.EMBED, settings).add("labels", labels).build();
  }

  Fingerprint graph(Settings settings, Fingerprint embed) {
    return begin(Stage.GRAPH, settings).add("embed", embed).build();
  }

  Fingerprint gcn(Settings settings, Fingerprint graph) {
    return begin(Stage.GCN, settings).add("graph", graph).build();
  }

  /**
   * @param guidance fingerprints of graph and gcn; empty for plain fine-tuning
   * @param pretrained the training whose network this one starts from, if it is one of ours
   */
  Fingerprint train(
      Settings settings,
      Fingerprint prepare,
      List<Fingerprint> guidance,
      Optional<Fingerprint> pretrained) {
    return begin(Stage.TRAIN, settings)
        .add("prepare", prepare)
        .add("guidance", guidance)
        .add("pretrained", pretrained)
        .build();
  }

  /**
   * @param embed the labels' own texts, which the semantic error and the distances of classes are
   *     measured in
   */
  Fingerprint evaluate(
      Settings settings, Fingerprint prepare, Fingerprint train, Fingerprint embed) {
    return begin(Stage.EVALUATE, settings)
        .add("prepare", prepare)
        .add("train", train)
        .add("embed", embed)
        .build();
  }

  /**
   * @param prepare whose unlabelled samples are taken where no others are named
   * @param embed the labels' own texts, where the classifier reads them
   */
  Fingerprint predict(
      Settings settings, Fingerprint prepare, Fingerprint train, Optional<Fingerprint> embed) {
    return begin(Stage.PREDICT, settings)
        .add("prepare", prepare)
        .add("train", train)
        .add("embed", embed)
        .build();
  }

  /**
   * @param upstream everything that the page shows, in order
   * @param methods what the runs are called, in order
   */
  Fingerprint report(Settings settings, List<Fingerprint> upstream, List<String> methods) {
    return begin(Stage.REPORT, settings).add("upstream", upstream).add("methods", methods).build();
  }

  /**
   * @param runs every finished run by its name, with the fingerprint of its evaluation, in order
   */
  Fingerprint experiment(ExperimentSettings grid, Map<String, Fingerprint> runs) {
    return begin(Stage.EXPERIMENT, grid).add("runs", runs).build();
  }

  /**
   * @param settings the record that the stage's declaration is of
   */
  private Fingerprint.Builder begin(Stage stage, Object settings) {
    Fingerprint.Builder key = Fingerprint.builder(stage.folder()).add("version", stage.version());
    stage.reads().enter(settings, inputs, key);
    return key;
  }
}
