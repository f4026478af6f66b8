package io.github.lsgspark.embedding;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.config.Settings;
import io.github.lsgspark.embedding.transformer.ModelSpec;
import io.github.lsgspark.text.LabelSet;
import io.github.lsgspark.torch.Dtype;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

/** Language models from a folder. */
abstract class PretrainedKind implements LabelEncoderKind {

  /** Whatever embedding.model holds; the default sentence encoder where nothing is named. */
  public static final class Auto extends PretrainedKind {
    @Override
    public String label() {
      return LabelEncoders.AUTO;
    }

    @Override
    public String help() {
      return "the sentence encoder or language model embedding.model; empty: all-minilm-l6-v2";
    }
  }

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
    EncoderChoice choice = EncoderChoice.of(settings.embedding(), hadoop);
    return ModelSpec.of(
        choice.folder(), choice.onnx(), settings.embedding().pooling(), dtype, hadoop);
  }
}
