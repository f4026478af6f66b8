package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.HadoopFiles;
import org.apache.hadoop.conf.Configuration;

/** What can be said of a model's folder before it is opened. */
public final class ModelKind {
  private ModelKind() {}

  /**
   * Whether it holds an ONNX graph, and not weights for libtorch.
   *
   * @throws LsgException exit 3 if it holds neither
   */
  public static boolean isGraph(String folder, Configuration hadoop) {
    ModelDirectory directory = ModelDirectory.open(folder, hadoop);
    if (directory.has(ModelDirectory.ONNX)) {
      return true;
    }
    var unused = directory.weightFiles();
    return false;
  }

  /** What {@code embedding.pooling = auto} comes to. */
  public static Pooling pooling(String folder, Configuration hadoop) {
    return new SentenceFiles(folder, new HadoopFiles(hadoop)).pooling(Pooling.AUTO);
  }
}
