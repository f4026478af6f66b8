package io.github.lsgspark.jobs;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.storage.HadoopFiles;

/**
 * One stage of a run, as run.json tells it.
 *
 * @param seconds how long it took now; 0 if skipped
 * @param skipped whether an earlier run had published it already
 */
record StageRecord(
    @JsonProperty String path,
    @JsonProperty Fingerprint fingerprint,
    @JsonProperty double seconds,
    @JsonProperty boolean skipped) {

  /** A file or folder of the stage's output. */
  @JsonIgnore
  String file(String name) {
    return HadoopFiles.path(path, name);
  }
}
