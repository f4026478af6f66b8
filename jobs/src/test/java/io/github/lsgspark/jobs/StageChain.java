package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** The fingerprints of all stages of one configuration. */
final class StageChain {
  private static final Configuration HADOOP = new Configuration();
  private static final Fingerprint CONSTANT = Fingerprint.ofText("constant");

  private final MachineChoice machines;

  StageChain(Machines machines) {
    this.machines = new MachineChoice(machines);
  }

  static StageFingerprints keys() {
    return new StageFingerprints(new InputFiles(new HadoopFiles(HADOOP)));
  }

  /** Chained as in a run. */
  Map<Stage, Fingerprint> of(String hocon) {
    return of(SettingsLoader.load(hocon, Map.of()), keys());
  }

  /** Those of a run, but for the report. */
  Map<Stage, Fingerprint> ofRun(String hocon) {
    Map<Stage, Fingerprint> fingerprints = of(hocon);
    fingerprints.remove(Stages.REPORT);
    Loaded loaded = SettingsLoader.load(hocon, Map.of());
    fingerprints.keySet().removeIf(stage -> !stage.inRun(loaded));
    return fingerprints;
  }

  Map<Stage, Fingerprint> of(Loaded loaded, StageFingerprints keys) {
    return of(loaded, keys, false);
  }

  /** Each stage's own, as if those before it were always the same. */
  Map<Stage, Fingerprint> apart(Loaded loaded, StageFingerprints keys) {
    return of(loaded, keys, true);
  }

  /** The fingerprint of a stage that takes these outputs, by their names. */
  static Fingerprint of(
      Stage stage, Loaded loaded, StageFingerprints keys, Map<String, Fingerprint> taken) {
    Map<String, StageRecord> outputs = new LinkedHashMap<>();
    taken.forEach((name, of) -> outputs.put(name, new StageRecord(LABELS, of, 0, true)));
    Map<Stage, StageRecord> own = new LinkedHashMap<>();
    outputs.forEach(
        (name, output) ->
            Stages.of(List.of()).named(name).ifPresent(maker -> own.put(maker, output)));
    List<StageInputs.Finished> runs =
        outputs.containsKey("evaluate")
            ? List.of(new StageInputs.Finished(null, new RunStages("run", 1, own)))
            : List.of();
    StageInputs inputs =
        new StageInputs(
            stage, loaded, outputs, HADOOP, new StageInputs.Whole(loaded, "work", runs));
    return keys.of(stage, inputs);
  }

  private Map<Stage, Fingerprint> of(Loaded open, StageFingerprints keys, boolean apart) {
    Map<Stage, Fingerprint> chain = new LinkedHashMap<>();
    Map<String, Fingerprint> named = new LinkedHashMap<>();
    for (Stage stage : Stages.of(List.of()).commands()) {
      Map<String, Fingerprint> taken = new LinkedHashMap<>();
      for (StageInput input : stage.inputs()) {
        boolean always = input.condition().isEmpty() || !input.whole();
        if (input.configuration().isEmpty() && input.when().test(open) && (always || !apart)) {
          taken.put(input.name(), apart ? CONSTANT : named.get(input.stage()));
        }
      }
      Fingerprint fingerprint = of(stage, stage.decided(open, machines), keys, taken);
      chain.put(stage, fingerprint);
      named.put(stage.name(), fingerprint);
    }
    return chain;
  }

  private static final String LABELS = labels();

  /** The folder of an output that has labels: of samples that do not matter otherwise. */
  private static String labels() {
    try {
      Path folder = Files.createTempDirectory("labels");
      Path file = folder.resolve("labels.json");
      Files.writeString(
          file,
          """
          {"labels": [
            {"id": 0, "name": "a", "text": "a", "description": ""},
            {"id": 1, "name": "b", "text": "b", "description": ""}]}
          """);
      file.toFile().deleteOnExit();
      folder.toFile().deleteOnExit();
      return folder.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stages whose fingerprints differ. */
  static Set<Stage> changed(Map<Stage, Fingerprint> before, Map<Stage, Fingerprint> after) {
    Set<Stage> changed = new HashSet<>();
    before.forEach(
        (stage, fingerprint) -> {
          if (!fingerprint.equals(after.get(stage))) {
            changed.add(stage);
          }
        });
    return changed;
  }
}
