package io.github.lsgspark.embedding.transformer;

import java.util.List;

/** An opened model: token ids in, one vector per prompt out. */
interface PromptModel extends AutoCloseable {

  /**
   * The mean of each prompt's pooled hidden states, of any length.
   *
   * @param batch prompts of equal numbers of tokens
   */
  float[][] encode(List<PromptTokens> batch);

  @Override
  void close();
}
