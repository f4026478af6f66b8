package io.github.lsgspark.embedding.transformer;

import java.io.Serializable;

/**
 * A prompt as a model reads it.
 *
 * @param ids token ids, at most as many as the model takes
 * @param pooled places of the tokens whose mean makes the vector, ascending
 * @param cut how many tokens of the label lay beyond the model's maximum
 * @param dropped how many tokens of the prompt did
 */
public record PromptTokens(long[] ids, int[] pooled, int cut, int dropped)
    implements Serializable {}
