package io.github.lsgspark.jobs;

import io.github.lsgspark.config.Settings;
import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** What a stage is made of: its settings, and the outputs that it takes. Immutable. */
public final class StageInputs {
  private final Stage stage;
  private final Loaded loaded;
  private final Map<String, StageRecord> outputs;
  private final Configuration hadoop;
  private final Whole whole;

  /**
   * What a stage over several runs is made of besides.
   *
   * @param base the whole configuration
   * @param runs those that are there, in order
   */
  record Whole(Loaded base, String workDir, List<Finished> runs) {}

  /** A run, and what it came to. */
  record Finished(RunSpec spec, RunStages result) {}

  /**
   * @param outputs by the names of the stage's inputs, as far as they are taken
   */
  StageInputs(
      Stage stage,
      Loaded loaded,
      Map<String, StageRecord> outputs,
      Configuration hadoop,
      Whole whole) {
    this.stage = stage;
    this.loaded = loaded;
    this.outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
    this.hadoop = hadoop;
    this.whole = whole;
  }

  /** The configuration, with the choices made that it leaves to the machines. */
  public Loaded loaded() {
    return loaded;
  }

  /** The settings of the program's own stages. */
  public Settings settings() {
    return loaded.settings();
  }

  /** Of the file systems that inputs are on. */
  public Configuration hadoop() {
    return hadoop;
  }

  /** The folder of an input that is taken. */
  public String path(String input) {
    return taken(input).path();
  }

  /** The folder of an input, if it is taken. */
  public Optional<String> find(String input) {
    return Optional.ofNullable(outputs.get(input)).map(StageRecord::path);
  }

  /** The fingerprint of an input, if it is taken. */
  public Optional<Fingerprint> fingerprint(String input) {
    return Optional.ofNullable(outputs.get(input)).map(StageRecord::fingerprint);
  }

  /** The text of a file of an input. */
  public String text(String input, String file) {
    byte[] bytes = new HadoopFiles(hadoop).read(taken(input).file(file));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** The outputs that count whole, by the names of the inputs. */
  Map<String, StageRecord> counted() {
    Map<String, StageRecord> counted = new LinkedHashMap<>(outputs);
    for (StageInput input : stage.inputs()) {
      if (!input.whole()) {
        counted.remove(input.name());
      }
    }
    return counted;
  }

  /** The outputs of which only a part counts. */
  List<StageRecord> inPart() {
    List<StageRecord> parts = new ArrayList<>(outputs.values());
    parts.removeAll(counted().values());
    return parts;
  }

  Whole whole() {
    return whole;
  }

  private StageRecord taken(String input) {
    StageRecord output = outputs.get(input);
    if (output == null) {
      throw new IllegalArgumentException(
          "stage " + stage.name() + " takes no output named " + input + " here");
    }
    return output;
  }
}
