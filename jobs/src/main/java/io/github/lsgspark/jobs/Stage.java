package io.github.lsgspark.jobs;

import java.util.Locale;

/** The stages of the pipeline, in the order in which data meets them. */
enum Stage {
  PREPARE(4, StageSettings.prepare(), "read, check and split the samples"),
  EMBED(2, StageSettings.embed(), "class names as vectors"),
  GRAPH(4, StageSettings.graph(), "the semantic graph of the class names"),
  GCN(3, StageSettings.gcn(), "train the graph network on the semantic graph"),
  TRAIN(3, StageSettings.train(), "fine-tune the backbone"),
  EVALUATE(2, StageSettings.evaluate(), "measure the trained model"),
  PREDICT(2, StageSettings.predict(), "label samples by the trained model"),
  REPORT(3, StageSettings.report(), "tables and pictures of the report"),
  EXPERIMENT(3, StageSettings.experiment(), "table and learning curves of a grid of runs");

  private final int version;
  private final StageReads<?> reads;
  private final String work;

  /**
   * @param version raised when a change of the program makes earlier outputs of the stage wrong; it
   *     enters the fingerprint
   * @param reads its settings
   * @param work what it does, for people
   */
  Stage(int version, StageReads<?> reads, String work) {
    this.version = version;
    this.reads = reads;
    this.work = work;
  }

  int version() {
    return version;
  }

  /** The settings that it reads. */
  StageReads<?> reads() {
    return reads;
  }

  String work() {
    return work;
  }

  /** The folder under the work directory, and the name in run.json. */
  String folder() {
    return name().toLowerCase(Locale.ROOT);
  }
}
