package io.github.lsgspark.storage;

import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;

/**
 * The outputs of all stages below one work directory: {@code <work-dir>/<stage>/<fingerprint>/}, on
 * any Hadoop file system. An output exists if and only if its manifest does.
 */
public final class StageStore {
  static final String MANIFEST = "manifest.json";

  private final String workDir;
  private final HadoopFiles files;

  public StageStore(String workDir, Configuration configuration) {
    this.workDir = workDir.endsWith("/") ? workDir.substring(0, workDir.length() - 1) : workDir;
    this.files = new HadoopFiles(configuration);
  }

  /** The work directory. */
  public String workDir() {
    return workDir;
  }

  /** Access to the files of outputs. */
  public HadoopFiles files() {
    return files;
  }

  /** The finished output with this fingerprint, if there is one. */
  public Optional<StageOutput> find(String stage, Fingerprint fingerprint) {
    StageOutput output = output(stage, fingerprint);
    return files.exists(output.file(MANIFEST)) ? Optional.of(output) : Optional.empty();
  }

  /**
   * The right to make an output. Whoever has it makes the output with {@link #begin} and gives it
   * back; meanwhile other runs wait here.
   *
   * @param waits is told who is making the output, if this run has to wait
   * @return empty if another run has made it
   */
  public Optional<StageClaim> claim(String stage, Fingerprint fingerprint, Consumer<String> waits) {
    return StageClaim.take(
        files,
        workDir + "/" + stage,
        "_claim-" + fingerprint + "-",
        StageClaim.Timing.USUAL,
        () -> find(stage, fingerprint).isPresent(),
        waits);
  }

  /**
   * Starts to write an output.
   *
   * @param claim on it, which is checked before it is published
   */
  public StageWriter begin(String stage, Fingerprint fingerprint, StageClaim claim) {
    StageOutput output = output(stage, fingerprint);
    if (files.isObjectStore(workDir)) {
      return new PlaceWriter(files, output, claim);
    }
    String staging = workDir + "/" + stage + "/_staging-" + fingerprint + "-" + UUID.randomUUID();
    return new StagingWriter(files, output, claim, staging);
  }

  /**
   * A folder for what a stage needs beyond one run of it, such as checkpoints. The caller deletes
   * it when the output is there.
   */
  public String running(String stage, Fingerprint fingerprint) {
    return workDir + "/" + stage + "/_running-" + fingerprint;
  }

  private StageOutput output(String stage, Fingerprint fingerprint) {
    return new StageOutput(stage, fingerprint, workDir + "/" + stage + "/" + fingerprint);
  }
}
