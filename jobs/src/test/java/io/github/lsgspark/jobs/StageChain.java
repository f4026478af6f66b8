package io.github.lsgspark.jobs;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** The fingerprints of all stages of one configuration. */
final class StageChain {
  private final MachineChoice machines;

  StageChain(Machines machines) {
    this.machines = new MachineChoice(machines);
  }

  static StageKeys keys() {
    return new StageKeys(new InputFiles(new HadoopFiles(new Configuration())));
  }

  /** Chained as in a run. */
  Map<Stage, Fingerprint> of(String hocon) {
    return of(SettingsLoader.load(hocon, Map.of()), keys());
  }

  Map<Stage, Fingerprint> of(Loaded loaded, StageKeys keys) {
    return of(loaded, keys, false);
  }

  /** Each stage's own, as if those before it were always the same. */
  Map<Stage, Fingerprint> apart(Loaded loaded, StageKeys keys) {
    return of(loaded, keys, true);
  }

  /** Chained as in a run, or each apart from the others. */
  private Map<Stage, Fingerprint> of(Loaded loaded, StageKeys keys, boolean apart) {
    Map<Stage, Fingerprint> chain = new EnumMap<>(Stage.class);
    Settings settings = loaded.settings();
    Fingerprint constant = Fingerprint.ofText("constant");
    chain.put(Stage.PREPARE, keys.prepare(settings));
    chain.put(Stage.EMBED, keys.embed(machines.embedding(loaded).settings(), labels(settings)));
    Fingerprint embed = apart ? constant : chain.get(Stage.EMBED);
    chain.put(Stage.GRAPH, keys.graph(settings, embed));
    Fingerprint graph = apart ? constant : chain.get(Stage.GRAPH);
    chain.put(Stage.GCN, keys.gcn(machines.gcn(loaded).settings(), graph));
    Fingerprint prepare = apart ? constant : chain.get(Stage.PREPARE);
    Fingerprint gcn = apart ? constant : chain.get(Stage.GCN);
    boolean guided = settings.lsg().enabled() && !apart;
    chain.put(
        Stage.TRAIN,
        keys.train(
            machines.training(loaded).settings(),
            prepare,
            guided ? List.of(graph, gcn) : List.of(),
            Optional.empty()));
    Fingerprint train = apart ? constant : chain.get(Stage.TRAIN);
    Settings inference = machines.inference(loaded).settings();
    chain.put(Stage.EVALUATE, keys.evaluate(inference, prepare, train, embed));
    boolean texts = inference.evaluate().headline() == Classifier.LOKI && !apart;
    chain.put(
        Stage.PREDICT,
        keys.predict(inference, prepare, train, texts ? Optional.of(embed) : Optional.empty()));
    chain.put(
        Stage.REPORT,
        keys.report(
            settings,
            apart ? List.of() : List.of(embed, train, chain.get(Stage.EVALUATE)),
            List.of("run")));
    return chain;
  }

  /** The content of the file, as labels.json has it; of samples that do not matter otherwise. */
  private static String labels(Settings settings) {
    String file = settings.labels().file();
    try {
      return file.isEmpty() ? "[a, b]" : Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The stages whose fingerprints differ. */
  static Set<Stage> changed(Map<Stage, Fingerprint> before, Map<Stage, Fingerprint> after) {
    EnumSet<Stage> changed = EnumSet.noneOf(Stage.class);
    before.forEach(
        (stage, fingerprint) -> {
          if (!fingerprint.equals(after.get(stage))) {
            changed.add(stage);
          }
        });
    return changed;
  }
}
