package io.github.lsgspark.jobs.checks;

import java.util.List;

/**
 * Everything that can be known before work begins. Checks look at headers and lists, not at all of
 * a file, and none needs Spark, so that a run that cannot end well ends within seconds.
 */
public final class Checks {
  /** In the order in which one rests on the other. */
  private static final List<Check> ALL =
      List.of(
          new InputFilesCheck(),
          new FileNamesCheck(),
          new LabelsCheck(),
          new PromptsCheck(),
          new SourcesCheck(),
          new EncodersCheck(),
          new WeightsCheck(),
          new EngineCheck(),
          new DeviceCheck(),
          new MemoryCheck(),
          new ScratchCheck(),
          new WorkDirectoryCheck());

  private Checks() {}

  /** Looks whether the storage answers, which everything else rests on. */
  public static Findings ofStorage(Plan plan) {
    Findings findings = new Findings();
    new StorageCheck().run(plan, findings);
    return findings;
  }

  /**
   * Looks at the rest of a plan.
   *
   * @param findings about its storage, which are added to
   */
  public static Findings of(Plan plan, Findings findings) {
    ALL.forEach(check -> check.run(plan, findings));
    return findings;
  }
}
