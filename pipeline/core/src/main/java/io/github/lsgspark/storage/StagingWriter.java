package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes an output to a folder of its own, manifest last, and renames the whole into place: for
 * file systems where that is one step. Of several that do so at once one puts its output there, and
 * the others take that one for theirs.
 */
final class StagingWriter implements StageWriter {
  private static final Logger LOG = LoggerFactory.getLogger(StagingWriter.class);
  private static final int ATTEMPTS = 5;

  private final HadoopFiles files;
  private final StageOutput target;
  private final StageClaim claim;
  private final String staging;
  private boolean published;

  StagingWriter(HadoopFiles files, StageOutput target, StageClaim claim, String staging) {
    this.files = files;
    this.target = target;
    this.claim = claim;
    this.staging = staging;
  }

  @Override
  public String path() {
    return staging;
  }

  @Override
  public StageOutput target() {
    return target;
  }

  @Override
  public StageOutput publish(Manifest manifest) {
    claim.requireHeld();
    LocalFiles.removeChecksums(files, staging);
    Json.write(
        files,
        HadoopFiles.path(staging, StageStore.MANIFEST),
        manifest.with(FolderContent.of(files, staging)));
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      // Files are read to list them, which takes a while.
      claim.requireHeld();
      if (moved()) {
        published = true;
        return target;
      }
      if (StageStore.damage(files, target).isEmpty()) {
        LOG.info("{} was made by another run meanwhile, and is used", target.path());
        return target;
      }
      setAside();
    }
    throw LsgException.failed(
        "cannot move "
            + staging
            + " to "
            + target.path()
            + ": another program writes there again and again. The same command goes on");
  }

  /** Moves the output into place; false if something is there. */
  private boolean moved() {
    try {
      return Retry.io(target.path(), () -> FolderMove.toFreePlace(files, staging, target.path()));
    } catch (IOException e) {
      // What was asked for may have been done, and only the answer lost.
      if (!files.exists(staging) && StageStore.damage(files, target).isEmpty()) {
        return true;
      }
      throw new UncheckedIOException(target.path() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Takes away what lies at the place and is no output: without a manifest, or damaged. It is moved
   * first and then looked at again, so that the output of another run that came between is seen,
   * and put back.
   */
  private void setAside() {
    String aside = staging + "-aside";
    try {
      if (!FolderMove.toFreePlace(files, target.path(), aside)) {
        files.delete(aside);
        return;
      }
      StageOutput moved = new StageOutput(target.stage(), target.fingerprint(), aside);
      if (StageStore.damage(files, moved).isEmpty()
          && FolderMove.toFreePlace(files, aside, target.path())) {
        return;
      }
      files.delete(aside);
    } catch (FileNotFoundException | NoSuchFileException e) {
      // Another run took it away.
    } catch (IOException e) {
      throw new UncheckedIOException(target.path() + ": " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    if (!published) {
      files.delete(staging);
    }
  }
}
