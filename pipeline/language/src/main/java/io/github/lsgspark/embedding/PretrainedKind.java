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

/** Language models from a folder. */
abstract class PretrainedKind implements LabelEncoderKind {

  /** With weights that libtorch computes with. */
  public static final class Transformer extends PretrainedKind {
    @Override
    public String label() {
      return LabelEncoders.TRANSFORMER;
    }

    @Override
    public String help() {
      return "a pretrained BERT, RoBERTa, GPT-2 or CLIP from the folder embedding.model";
    }
  }

  /** As a graph that ONNX Runtime computes. */
  public static final class Onnx extends PretrainedKind {
    @Override
    public String label() {
      return LabelEncoders.ONNX;
    }

    @Override
    public String help() {
      return "a sentence encoder as an ONNX graph with its tokenizer from the folder embedding.model";
    }
  }

  @Override
  public boolean isPretrained() {
    return true;
  }

  @Override
  public void require(Settings settings, Optional<LabelSet> labels, Configuration hadoop) {
    spec(settings, Dtype.FLOAT32, hadoop);
  }

  @Override
  public LabelEncoder open(Context context) {
    return PretrainedEncoder.open(context.spark(), context.settings(), context.cacheRoot());
  }

  /**
   * What settings say of a model.
   *
   * @throws LsgException exit 2 or 3 for a folder that cannot be used
   */
  static ModelSpec spec(Settings settings, Dtype dtype, Configuration hadoop) {
    EmbeddingSettings embedding = settings.embedding();
    if (embedding.model().isEmpty()) {
      throw LsgException.usage("embedding.model must name the folder of a language model");
    }
    return ModelSpec.of(
        new HadoopFiles(hadoop)
            .fileSystem(embedding.model())
            .makeQualified(new Path(embedding.model()))
            .toString(),
        embedding.encoder().equals(LabelEncoders.ONNX),
        embedding.pooling(),
        dtype,
        hadoop);
  }
}
