package io.github.lsgspark.jobs;

import io.github.lsgspark.config.SettingsLoader.Loaded;
import io.github.lsgspark.storage.Fingerprint;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * One stage of the pipeline: what it takes, which settings it reads, what it writes and how. Runs,
 * single commands, fingerprints, exported calls, checks and help are made of this. The program's
 * own are listed in {@link Stages}; further ones are found by {@link java.util.ServiceLoader} in
 * jars beside the program, take their place after their inputs, and need a public constructor
 * without parameters (docs/architecture.md). Stateless: variants of a configuration may run one at
 * the same time.
 */
public interface Stage {

  /** Of which runs of a configuration with several it is a part. */
  enum Scope {
    /** Of each variant of a comparison; variants share whatever they have in common. */
    EACH_RUN,
    /** Of the main variant only, after all variants. */
    MAIN_RUN,
    /** Made once, of what all variants came to. */
    ALL_RUNS,
    /** Made once, of all runs of a grid, by {@code lsg experiment}. */
    GRID
  }

  /**
   * Its command, its folder in the work directory, and its name in run.json: small letters, digits
   * and hyphens.
   */
  String name();

  /**
   * Raised when a change of its code makes earlier outputs wrong; part of the fingerprint, as is
   * the name.
   */
  int version();

  /** One sentence for the list of commands. */
  String help();

  /** What an example of its command has behind {@code --config}, with a blank before it. */
  default String exampleOptions() {
    return "";
  }

  /** What it does, for the pages of Spark's user interface: "fine-tune the backbone". */
  String work();

  /**
   * How much it computes, as far as the settings say: "400 steps of 24 images"; empty: they do not.
   */
  default String amount(Loaded loaded) {
    return "";
  }

  /** The stages whose outputs it takes. */
  List<StageInput> inputs();

  /**
   * The same in a configuration: those that are made by other configurations, of which it may name
   * any number.
   */
  default List<StageInput> inputs(Loaded loaded) {
    return inputs();
  }

  /** The settings that it reads. */
  List<StageReads<?>> reads();

  /** Files and folders of its output, each with what it holds. */
  Map<String, String> writes();

  /** Of which runs it is a part. */
  default Scope scope() {
    return Scope.EACH_RUN;
  }

  /** Whether {@code lsg run} makes it, also where no other stage takes its output. */
  default boolean inRun(Loaded loaded) {
    return true;
  }

  /**
   * Looks for what can be known to be wrong from the configuration alone.
   *
   * @throws io.github.lsgspark.config.LsgException exit 2 for what is
   */
  default void check(Loaded loaded) {}

  /** The settings with every choice made that they leave to the machines and that counts here. */
  default Loaded decided(Loaded loaded, MachineChoice machines) {
    return loaded;
  }

  /** Adds to its fingerprint what its output depends on besides its settings. */
  default void key(StageInputs inputs, Fingerprint.Builder key) {
    inputs.counted().forEach((name, input) -> key.add(name, input.fingerprint()));
  }

  /** Writes the output. */
  void run(SparkSession session, StageInputs inputs, StageTarget target);

  /** Whether it keeps what it needs to go on after a break in {@link StageTarget#running}. */
  default boolean resumes() {
    return false;
  }

  /** Files of the output that the summary of a run names, by what it calls them. */
  default Map<String, String> prints() {
    return Map.of();
  }
}
