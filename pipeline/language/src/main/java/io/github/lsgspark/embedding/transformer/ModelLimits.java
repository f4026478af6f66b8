package io.github.lsgspark.embedding.transformer;

import java.io.Serializable;

/**
 * What an ONNX graph takes, found by trying it: its file does not say.
 *
 * @param vocabulary number of token ids, from 0 on
 * @param maxTokens of one prompt
 */
public record ModelLimits(int vocabulary, int maxTokens) implements Serializable {
  /** Of a model whose files say what it takes, or that was not tried yet. */
  static final ModelLimits UNKNOWN = new ModelLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);
}
