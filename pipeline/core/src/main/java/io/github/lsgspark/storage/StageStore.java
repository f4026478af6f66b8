package io.github.lsgspark.storage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The outputs of all stages below one work directory: {@code <work-dir>/<stage>/<fingerprint>/}, on
 * any Hadoop file system. An output exists if and only if its manifest does, and its files are
 * those that the manifest lists.
 */
public final class StageStore {
  public static final String MANIFEST = "manifest.json";

  private static final Logger LOG = LoggerFactory.getLogger(StageStore.class);
  private static final String ABSENT = "no " + MANIFEST;

  private final String workDir;
  private final HadoopFiles files;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

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

  /**
   * The finished output with this fingerprint, if there is one. One whose files are not those of
   * its manifest is none: it is passed over with a warning, and replaced when it is made anew.
   */
  public Optional<StageOutput> find(String stage, Fingerprint fingerprint) {
    StageOutput output = output(stage, fingerprint);
    Optional<String> damage = damage(files, output);
    if (damage.isEmpty()) {
      return Optional.of(output);
    }
    if (!damage.get().equals(ABSENT) && told.add(output.path() + damage.get())) {
      LOG.warn("{} is not used, and will be made anew: {}", output.path(), damage.get());
    }
    return Optional.empty();
  }

  /** Why a folder is no output; empty if it is one. */
  static Optional<String> damage(HadoopFiles files, StageOutput output) {
    String path = output.file(MANIFEST);
    JsonNode manifest;
    try {
      Optional<String> text = files.readIfThere(path);
      if (text.isEmpty()) {
        return Optional.of(ABSENT);
      }
      manifest = Json.tree(text.get());
    } catch (JsonProcessingException e) {
      return Optional.of(MANIFEST + " is cut off or no JSON");
    } catch (UncheckedIOException e) {
      if (StorageFault.isDamage(e.getCause())) {
        return Optional.of(MANIFEST + " is damaged");
      }
      throw e;
    }
    if (!manifest.path("stage").asText().equals(output.stage())
        || !manifest.path("fingerprint").asText().equals(output.fingerprint().hex())) {
      return Optional.of(MANIFEST + " is that of another output");
    }
    return FolderContent.of(manifest.path("content"))
        .map(content -> content.difference(files, output.path()))
        .orElse(
            Optional.of(
                MANIFEST + " does not list its files: an earlier version of the program wrote it"));
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

  /** Where an output lies, or will lie. */
  public StageOutput output(String stage, Fingerprint fingerprint) {
    return new StageOutput(stage, fingerprint, workDir + "/" + stage + "/" + fingerprint);
  }
}
