package io.github.lsgspark.storage;

import java.util.Optional;
import java.util.UUID;
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

  /** Starts to write an output. */
  public StageWriter begin(String stage, Fingerprint fingerprint) {
    String staging = workDir + "/" + stage + "/_staging-" + fingerprint + "-" + UUID.randomUUID();
    return new StageWriter(files, output(stage, fingerprint), staging);
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
