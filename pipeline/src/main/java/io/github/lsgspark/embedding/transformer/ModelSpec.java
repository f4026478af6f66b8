package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Dtype;
import java.io.Serializable;
import java.nio.file.Path;
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
 * @param fingerprint of the files' contents as the driver saw them
 */
public record ModelSpec(
    String path,
    boolean onnx,
    Pooling pooling,
    Dtype dtype,
    String fingerprint,
    SerializableConfiguration hadoop)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSpec.class);

  /**
   * Looks at the folder, so that one that cannot be used fails before any task starts.
   *
   * @param path with its scheme
   * @throws LsgException exit 3 if a file is missing or the architecture is not supported, exit 2
   *     if the pooling does not fit it
   */
  public static ModelSpec of(
      String path, boolean onnx, Pooling pooling, Dtype dtype, Configuration hadoop) {
    ModelDirectory directory = ModelDirectory.open(path, hadoop);
    if (!onnx) {
      directory.checkWeights();
    }
    String fingerprint = ModelFingerprint.of(directory, onnx, hadoop).hex();
    ModelSpec spec =
        new ModelSpec(
            path, onnx, pooling, dtype, fingerprint, new SerializableConfiguration(hadoop));
    if (spec.format(directory).seesNothing()) {
      LOG.warn(
          "embedding.pooling = cls takes the first token of {}, which sees no other: the vectors of"
              + " all labels are equal",
          path);
    }
    return spec;
  }

  /** The architecture, such as bert; onnx for an unknown one. */
  public String type() {
    return config(directory()).map(config -> config.family().label()).orElse("onnx");
  }

  /** How many tokens of a prompt the model takes. */
  public int maxTokens() {
    return format(directory()).maxTokens();
  }

  /**
   * The folder on this machine, or its copy here if it lies elsewhere.
   *
   * @throws LsgException exit 3 if its files are not those of the driver
   */
  Path sameFolder() {
    Path folder = localFolder();
    if (!isSame(folder) && !path.startsWith("file:")) {
      LOG.warn("The copy {} of {} is damaged, and is made again", folder, path);
      LocalCopy.delete(folder);
      folder = localFolder();
    }
    if (!isSame(folder)) {
      throw LsgException.input(
          "embedding.model: "
              + path
              + ": its files differ from those that the driver saw; a local folder must hold the"
              + " same on every machine");
    }
    return folder;
  }

  private Path localFolder() {
    ModelDirectory directory = directory();
    return LocalCopy.of(directory, directory.files(onnx), configuration());
  }

  private boolean isSame(Path folder) {
    try {
      ModelDirectory copy = ModelDirectory.open(folder.toUri().toString(), configuration());
      return ModelFingerprint.of(copy, onnx, configuration()).hex().equals(fingerprint);
    } catch (LsgException e) {
      return false;
    }
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
