package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;

/**
 * What each stage's output depends on: its name, the version of its code, the settings that it
 * declares ({@link StageReads}), the files that these name, and what it takes of the stages before
 * it. Settings come with all choices made that they leave to the machines ({@link MachineChoice}).
 */
final class StageFingerprints {
  private final InputFiles files;

  StageFingerprints(InputFiles files) {
    this.files = files;
  }

  Fingerprint of(Stage stage, StageInputs inputs) {
    Fingerprint.Builder key = Fingerprint.builder(stage.name()).add("version", stage.version());
    stage.reads().forEach(reads -> reads.enter(inputs.loaded(), files, key));
    stage.key(inputs, key);
    return key.build();
  }

  /**
   * What stands for the fingerprint of a stage that reads files of outputs which are not made: all
   * of it but those files, which are taken to be the same wherever its settings are.
   */
  Fingerprint planned(Stage stage, StageInputs inputs) {
    Fingerprint.Builder key =
        Fingerprint.builder("planned " + stage.name()).add("version", stage.version());
    stage.reads().forEach(reads -> reads.enter(inputs.loaded(), files, key));
    inputs.counted().forEach((name, input) -> key.add(name, input.fingerprint()));
    return key.build();
  }

  /**
   * Looks whether the files that a stage's settings name are there, and whether its section of
   * settings is well formed.
   */
  void look(Stage stage, Loaded loaded) {
    stage.reads().forEach(reads -> reads.look(loaded, files));
  }
}
