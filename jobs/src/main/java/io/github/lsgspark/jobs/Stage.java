package io.github.lsgspark.jobs;

import java.util.Locale;

/** The stages of the pipeline, in the order in which data meets them. */
enum Stage {
  PREPARE(1),
  EMBED(1),
  GRAPH(3),
  GCN(2),
  TRAIN(1),
  EVALUATE(1),
  PREDICT(1),
  REPORT(1);

  private final int version;

  /**
   * @param version raised when a change of the program makes earlier outputs of the stage wrong; it
   *     enters the fingerprint
   */
  Stage(int version) {
    this.version = version;
  }

  int version() {
    return version;
  }

  /** The folder under the work directory, and the name in run.json. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
