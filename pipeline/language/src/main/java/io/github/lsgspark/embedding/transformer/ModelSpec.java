package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.storage.LocalCopies;
import io.github.lsgspark.torch.Dtype;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.util.SerializableConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which model executors open, and how.
 *
 * @param path its folder, on any Hadoop file system; a local one must lie on every machine
 * @param onnx whether its ONNX graph is used
 * @param pooling never AUTO: what that comes to
 * @param prefix in front of every prompt, as the folder states it
 * @param dtype of matrix products; not for ONNX, whose graph says
 * @param fingerprint of the files' contents as the driver saw them
 * @param limits of an ONNX graph
 * @param shipped name of the archive that brings the folder to executors; empty: it is read where
 *     it lies
 */
public record ModelSpec(
    String path,
    boolean onnx,
    Pooling pooling,
    String prefix,
    Dtype dtype,
    String fingerprint,
    ModelLimits limits,
    String shipped,
    SerializableConfiguration hadoop)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(ModelSpec.class);

  /** Part of a model's vocabulary that a tokenizer of its own has at least. */
  private static final double LEAST_TOKENS = 0.9;

  /**
   * Looks at the folder, so that one that cannot be used fails before any task starts.
   *
   * @param path with its scheme
   * @param wanted AUTO: what the folder states, the label's tokens where it states nothing
   * @throws LsgException exit 3 if a file is missing or the architecture is not supported, exit 2
   *     if the pooling does not fit it
   */
  public static ModelSpec of(
      String path, boolean onnx, Pooling wanted, Dtype dtype, Configuration hadoop) {
    ModelDirectory directory = ModelDirectory.open(path, hadoop);
    SentenceFiles stated = directory.sentenceFiles();
    Pooling pooling = stated.pooling(wanted);
    TokenIds tokens = directory.tokenIds();
    if (onnx) {
      directory.requireGraph();
    } else {
      TransformerConfig config = directory.config();
      directory.checkWeights(config, pooling);
      requireOwnTokenizer(tokens, config, directory);
    }
    stated.statedPooling().flatMap(own -> own.difference(pooling, path)).ifPresent(LOG::warn);
    directory.warnOfVocabulary(tokens);
    String fingerprint = ModelFingerprint.of(directory, onnx, hadoop).hex();
    ModelSpec spec =
        new ModelSpec(
            path,
            onnx,
            pooling,
            stated.prefix(),
            dtype,
            fingerprint,
            ModelLimits.UNKNOWN,
            "",
            new SerializableConfiguration(hadoop));
    if (spec.format(directory).seesNothing()) {
      LOG.warn(
          "embedding.pooling = cls takes the first token of {}, which sees no other: the vectors of"
              + " all labels are equal",
          path);
    }
    return spec;
  }

  private static void requireOwnTokenizer(
      TokenIds tokens, TransformerConfig config, ModelDirectory directory) {
    tokens.requireWithin(
        config.vocabulary(), directory.file(ModelDirectory.TOKENIZER), "the model (config.json)");
    if (config.family() == TransformerConfig.Family.GPT2
        && tokens.id(PromptFormat.END_OF_TEXT).isEmpty()) {
      throw LsgException.input(
          directory.file(ModelDirectory.TOKENIZER)
              + ": has no token "
              + PromptFormat.END_OF_TEXT
              + ", which every GPT-2 tokenizer has; it is of another model");
    }
    if (tokens.largest() + 1 < config.vocabulary() * LEAST_TOKENS) {
      LOG.warn(
          "{} has {} tokens, but the model's vocabulary is {}; are they of the same model?",
          directory.file(ModelDirectory.TOKENIZER),
          tokens.largest() + 1,
          config.vocabulary());
    }
  }

  /**
   * Tries the graph, on the machine that runs this.
   *
   * @throws LsgException exit 3 that names the file if it cannot be run
   */
  public ModelLimits tried() {
    ModelDirectory directory = directory();
    Path folder = sameFolder();
    return OnnxTrial.of(
        folder.resolve(ModelDirectory.ONNX),
        format(directory).maxTokens(),
        directory.tokenIds().largest(),
        config(directory).map(TransformerConfig::firstPosition).orElse(0));
  }

  /**
   * The same model with what its graph takes.
   *
   * @throws LsgException exit 3 that names a token of the tokenizer that the graph does not know
   */
  public ModelSpec within(ModelLimits found) {
    ModelDirectory directory = directory();
    directory
        .tokenIds()
        .requireWithin(
            found.vocabulary(),
            directory.file(ModelDirectory.TOKENIZER),
            "the model (" + ModelDirectory.ONNX + ")");
    if (found.maxTokens() < format(directory).maxTokens()) {
      LOG.info("{}: its graph takes {} tokens at most", path, found.maxTokens());
    }
    return new ModelSpec(path, onnx, pooling, prefix, dtype, fingerprint, found, shipped, hadoop);
  }

  /**
   * The same model, which executors take out of an archive that Spark brings them.
   *
   * @param archive the name that it has among Spark's files
   */
  public ModelSpec shippedAs(String archive) {
    return new ModelSpec(path, onnx, pooling, prefix, dtype, fingerprint, limits, archive, hadoop);
  }

  /** The local files that executors need, by their names within the folder. */
  public Map<String, Path> localFiles() {
    ModelDirectory directory = directory();
    Map<String, Path> files = new TreeMap<>();
    for (FileStatus file : directory.files(onnx)) {
      files.put(directory.nameOf(file), Path.of(file.getPath().toUri().getPath()));
    }
    return files;
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
      LocalCopies.remove(folder);
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
    return ModelDirectory.open(place(), configuration());
  }

  private String place() {
    return shipped.isEmpty() ? path : ShippedFolder.find(shipped).toUri().toString();
  }

  Configuration configuration() {
    return hadoop.value();
  }

  PromptFormat format(ModelDirectory directory) {
    return onnx
        ? PromptFormat.ofGraph(pooling, config(directory), limits)
        : filled(PromptFormat.of(pooling, directory.config()), directory);
  }

  private static PromptFormat filled(PromptFormat format, ModelDirectory directory) {
    return format.fill() == PromptFormat.NONE ? format : format.filledWith(directory.padding());
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
