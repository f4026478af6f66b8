package io.github.lsgspark.jobs;

import java.util.Locale;

/** The stages of the pipeline, in the order in which data meets them. */
enum Stage {
  PREPARE(2, "read, check and split the samples"),
  EMBED(1, "class names as vectors"),
  GRAPH(3, "the semantic graph of the class names"),
  GCN(2, "train the graph network on the semantic graph"),
  TRAIN(2, "fine-tune the backbone"),
  EVALUATE(1, "measure the trained model"),
  PREDICT(1, "label samples by the trained model"),
  REPORT(2, "tables and pictures of the report"),
  EXPERIMENT(2, "table and learning curves of a grid of runs");

  private final int version;
  private final String work;

  /**
   * @param version raised when a change of the program makes earlier outputs of the stage wrong; it
   *     enters the fingerprint
   * @param work what it does, for people
   */
  Stage(int version, String work) {
    this.version = version;
    this.work = work;
  }

  int version() {
    return version;
  }

  String work() {
    return work;
  }

  /** The folder under the work directory, and the name in run.json. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
