package io.github.lsgspark.storage;

/**
 * A finished output of one stage.
 *
 * @param path its folder
 */
public record StageOutput(String stage, Fingerprint fingerprint, String path) {

  /** A file or folder of this output. */
  public String file(String name) {
    return HadoopFiles.path(path, name);
  }
}
