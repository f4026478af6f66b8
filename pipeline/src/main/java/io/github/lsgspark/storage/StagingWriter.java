package io.github.lsgspark.storage;

import io.github.lsgspark.config.LsgException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writes an output to a folder of its own, manifest last, and renames the whole into place: for
 * file systems where that is one step.
 */
final class StagingWriter implements StageWriter {
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
    Json.write(
        files,
        HadoopFiles.path(staging, StageStore.MANIFEST),
        manifest.with(FolderContent.of(files, staging)));
    FileSystem fileSystem = files.fileSystem(staging);
    Path place = new Path(target.path());
    try {
      // A folder without a manifest, or one that is damaged, is no output.
      if (fileSystem.exists(place) && StageStore.damage(files, target).isPresent()) {
        fileSystem.delete(place, true);
      }
      published = fileSystem.rename(new Path(staging), place);
    } catch (IOException e) {
      throw new UncheckedIOException(target.path() + ": " + e.getMessage(), e);
    }
    if (!published) {
      throw LsgException.failed("cannot rename " + staging + " to " + target.path());
    }
    return target;
  }

  @Override
  public void close() {
    if (!published) {
      files.delete(staging);
    }
  }
}
