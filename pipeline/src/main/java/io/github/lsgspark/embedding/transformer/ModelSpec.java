package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.Fingerprint;
import io.github.lsgspark.torch.Dtype;
import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model executors open, and how.
 *
 * @param path its folder, on any Hadoop file system; a local one must lie on every machine
 * @param onnx whether its ONNX graph is used
 * @param dtype of matrix products; not for ONNX, whose graph says
 */
public record ModelSpec(
    String path, boolean onnx, Pooling pooling, Dtype dtype, SerializableConfiguration hadoop)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSpec.class);

  /**
   * What the driver can tell without opening the weights.
   *
   * @param fingerprint of the files' contents
   * @param type of the architecture, such as bert; onnx for an unknown one
   * @param maxTokens how many tokens of a prompt the model takes
   */
  public record Facts(Fingerprint fingerprint, String type, int maxTokens) {}

  /**
   * Checks the folder.
   *
   * @throws LsgException exit 3 if a file is missing or the architecture is not supported, exit 2
   *     if the pooling does not fit it
   */
  public Facts check() {
    ModelDirectory directory = directory();
    PromptFormat format = format(directory);
    if (format.seesNothing()) {
      LOG.warn(
          "embedding.pooling = cls takes the first token of {}, which sees no other: the vectors of"
              + " all labels are equal",
          path);
    }
    return new Facts(
        ModelFingerprint.of(directory.files(onnx), configuration()),
        config(directory).map(config -> config.family().label()).orElse("onnx"),
        format.maxTokens());
  }

  ModelDirectory directory() {
    return ModelDirectory.open(path, configuration());
  }

  Configuration configuration() {
    return hadoop.value();
  }

  PromptFormat format(ModelDirectory directory) {
    return onnx
        ? PromptFormat.ofGraph(pooling, config(directory))
        : PromptFormat.of(pooling, directory.config());
  }

  /** Of an ONNX folder, only a known architecture's configuration says something of use. */
  private Optional<TransformerConfig> config(ModelDirectory directory) {
    if (!onnx) {
      return Optional.of(directory.config());
    }
    try {
      return directory.has(ModelDirectory.CONFIG)
          ? Optional.of(directory.config())
          : Optional.empty();
    } catch (LsgException unknownArchitecture) {
      return Optional.empty();
    }
  }
}
