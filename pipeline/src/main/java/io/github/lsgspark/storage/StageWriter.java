package io.github.lsgspark.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A stage output in the making. It is written to a staging folder, which {@link #publish} renames
 * into place after the manifest, its last file; {@link #close} without publish leaves nothing.
 */
public final class StageWriter implements AutoCloseable {
  private final HadoopFiles files;
  private final StageOutput target;
  private final String staging;
  private boolean published;

  StageWriter(HadoopFiles files, StageOutput target, String staging) {
    this.files = files;
    this.target = target;
    this.staging = staging;
  }

  /** Folder to write to. */
  public String path() {
    return staging;
  }

  /** Where the output will lie. */
  public StageOutput target() {
    return target;
  }

  /**
   * Writes the manifest and moves the output into place. If another run published the same
   * fingerprint first, its output stands and this one is dropped: both hold the same.
   */
  public StageOutput publish(Manifest manifest) {
    Json.write(files, HadoopFiles.path(staging, StageStore.MANIFEST), manifest);
    FileSystem fileSystem = files.fileSystem(staging);
    Path place = new Path(target.path());
    try {
      if (fileSystem.exists(place)) {
        return target;
      }
      IOException refusal = null;
      try {
        published = fileSystem.rename(new Path(staging), place);
      } catch (IOException e) {
        refusal = e;
      }
      if (!published && !files.exists(target.file(StageStore.MANIFEST))) {
        throw new IOException("cannot rename " + staging + " to " + place, refusal);
      }
      dropNested(fileSystem, place);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(target.path() + ": " + e.getMessage(), e);
    }
  }

  /** HDFS moves a folder into an existing one of the target's name: a race with another writer. */
  private void dropNested(FileSystem fileSystem, Path place) throws IOException {
    Path nested = new Path(place, new Path(staging).getName());
    if (fileSystem.exists(nested)) {
      fileSystem.delete(nested, true);
    }
  }

  @Override
  public void close() {
    if (!published) {
      files.delete(staging);
    }
  }
}
