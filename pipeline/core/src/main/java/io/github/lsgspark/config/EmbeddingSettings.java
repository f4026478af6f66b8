package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.Locale;

/**
 * How prompted labels become vectors.
 *
 * @param encoder name of a registered label encoder
 * @param model folder of a pretrained language model, the name of one, or
 *     maven:group:artifact:version
 * @param batchTokens tokens that go through the model at once
 * @param cache folder of vectors that were computed before; empty: one beside the stage's outputs
 */
public record EmbeddingSettings(
    String encoder,
    @InputPath String model,
    Pooling pooling,
    Dtype dtype,
    @RuntimeOnly("how many tokens go through a model at once; a vector is that of its prompt alone")
        @Range(min = 16, max = 1048576)
        int batchTokens,
    @RuntimeOnly("where vectors are kept that were computed before; each is found by what made it")
        String cache,
    PrecomputedSettings precomputed,
    LexicalSettings lexical)
    implements Serializable {

  /** Which tokens of a prompt make its vector; AUTO: as the model's own folder states it. */
  public enum Pooling {
    AUTO,
    CLASS_NAME,
    OFFICIAL,
    CLS,
    MEAN,
    END_OF_TEXT;

    /** As configurations spell it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Arithmetic of a pretrained language model. */
  public enum Dtype {
    AUTO,
    FLOAT32,
    BFLOAT16
  }

  /**
   * Vectors from a file.
   *
   * @param path .npy or .safetensors, [C,D] or [C,P,D]
   * @param labels file naming the rows (a leading row number is ignored); empty: rows are in label
   *     order
   * @param tensor name in the safetensors file; empty: the only one
   * @param sharedNoise norm of the shift that one prompt gives all classes, where the file is [C,D]
   * @param ownNoise norm of the noise of one class and prompt, where the file is [C,D]
   */
  public record PrecomputedSettings(
      @InputPath String path,
      @InputPath String labels,
      String tensor,
      @Range(min = 0, max = 10) double sharedNoise,
      @Range(min = 0, max = 10) double ownNoise)
      implements Serializable {}

  /**
   * MLlib TF-IDF and truncated SVD.
   *
   * @param dimensions length of a vector at most
   * @param features hash buckets
   * @param minNgram shortest character n-gram
   * @param maxNgram longest character n-gram
   */
  public record LexicalSettings(
      @Range(min = 2, max = 4096) int dimensions,
      @Range(min = 256, max = 16777216) int features,
      @Range(min = 1, max = 10) int minNgram,
      @Range(min = 1, max = 10) int maxNgram)
      implements Serializable {}
}
