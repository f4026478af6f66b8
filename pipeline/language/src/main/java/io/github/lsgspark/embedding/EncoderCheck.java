package io.github.lsgspark.embedding;

import io.github.lsgspark.config.EmbeddingSettings;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.Dtype;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** What can be known of a label encoder without Spark, and before a label is embedded. */
public final class EncoderCheck {
  /** Vectors of more bytes are looked at when they are needed. */
  private static final long READ_BYTES = 256L << 20;

  private EncoderCheck() {}

  /**
   * Looks at the taxonomy, the model's folder or the file of vectors.
   *
   * @param labels if they are known
   * @throws LsgException exit 2 for settings that cannot be met, exit 3 for files that cannot be
   *     used or do not fit the labels
   */
  public static void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
    Taxonomy.load(settings.labels().taxonomy(), hadoop);
    EmbeddingSettings embedding = settings.embedding();
    switch (embedding.encoder()) {
      case LEXICAL -> {}
      case PRECOMPUTED -> vectors(settings, labels, hadoop);
      case TRANSFORMER, ONNX -> model(embedding, hadoop);
    }
  }

  private static void vectors(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
    String path = settings.embedding().precomputed().path();
    if (path.isEmpty()) {
      throw LsgException.usage(
          "embedding.precomputed.path must be set for embedding.encoder = precomputed");
    }
    if (labels.isPresent() && new HadoopFiles(hadoop).length(path) <= READ_BYTES) {
      PrecomputedEncoder.load(
          settings.embedding().precomputed(),
          settings.prompts(),
          labels.get(),
          settings.seed(),
          hadoop);
    }
  }

  private static void model(EmbeddingSettings embedding, Configuration hadoop) {
    if (embedding.model().isEmpty()) {
      throw LsgException.usage("embedding.model must name the folder of a language model");
    }
    ModelSpec.of(
        new HadoopFiles(hadoop)
            .fileSystem(embedding.model())
            .makeQualified(new Path(embedding.model()))
            .toString(),
        embedding.encoder() == EmbeddingSettings.Encoder.ONNX,
        embedding.pooling(),
        Dtype.FLOAT32,
        hadoop);
  }
}
