package io.github.lsgspark.storage;

/**
 * A stage output in the making. {@link #publish} makes it an output, by its manifest; {@link
 * #close} without publish leaves nothing.
 */
public sealed interface StageWriter extends AutoCloseable permits StagingWriter, PlaceWriter {

  /** Folder to write to. */
  String path();

  /** Where the output will lie. */
  StageOutput target();

  /**
   * Writes the manifest, and moves the output into place if it is not there.
   *
   * @throws io.github.lsgspark.config.LsgException exit 1 if another run has taken this one for
   *     broken down
   */
  StageOutput publish(Manifest manifest);

  @Override
  void close();
}
