package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import java.util.Optional;

/**
 * How prompts become tokens and which of them make the vector.
 *
 * @param wrapped whether the text stands between two end-of-text tokens, as in the reference's
 *     GPT-2 script
 * @param causal whether a token sees earlier ones only, so that those after the last pooled one
 *     need not be computed
 * @param maxTokens how many tokens the model takes
 * @param vocabulary how many token ids it knows, from 0 on
 * @param endOfText id of the token that {@link Pooling#END_OF_TEXT} takes (the first such), {@link
 *     TransformerConfig#LARGEST_ID} or {@link TransformerConfig#FIRST_TOKEN}
 * @param fill token that prompts are filled up with to {@code maxTokens}, the last of which is then
 *     the end of the text, as SigLIP was trained; {@link #NONE}: they are not
 */
record PromptFormat(
    Pooling pooling,
    boolean wrapped,
    boolean causal,
    int maxTokens,
    int vocabulary,
    int endOfText,
    int fill) {
  /** No token fills prompts up. */
  static final int NONE = -1;

  /** GPT-2's only special token. */
  static final String END_OF_TEXT = "<|endoftext|>";

  private static final int USUAL_MAX_TOKENS = 512;

  static PromptFormat of(Pooling pooling, TransformerConfig config) {
    boolean gpt2 = config.family() == TransformerConfig.Family.GPT2;
    if (pooling == Pooling.END_OF_TEXT && !gpt2 && !config.comparesTexts()) {
      throw LsgException.usage(
          "embedding.pooling = end-of-text needs a CLIP, SigLIP, CLAP or GPT-2 model, but"
              + " embedding.model is of type "
              + config.family().label());
    }
    if (pooling == Pooling.END_OF_TEXT && config.endOfText() >= config.vocabulary()) {
      throw LsgException.input(
          "embedding.model: config.json says eos_token_id "
              + config.endOfText()
              + ", but a vocabulary of "
              + config.vocabulary()
              + " tokens: no prompt of embedding.pooling = end-of-text has that token");
    }
    return new PromptFormat(
        pooling,
        gpt2,
        config.causal(),
        config.maxTokens(),
        config.vocabulary(),
        config.endOfText(),
        config.fills() ? config.padId() : NONE);
  }

  /** The same with the token that a tokenizer fills prompts up with, where it says so. */
  PromptFormat filledWith(Optional<Integer> token) {
    return fill == NONE || token.isEmpty()
        ? this
        : new PromptFormat(pooling, wrapped, causal, maxTokens, vocabulary, endOfText, token.get());
  }

  /**
   * Of an ONNX graph.
   *
   * @param config of the folder, if it has one of a known architecture
   * @param limits of the graph itself
   */
  static PromptFormat ofGraph(
      Pooling pooling, Optional<TransformerConfig> config, ModelLimits limits) {
    if (pooling == Pooling.END_OF_TEXT) {
      throw LsgException.usage(
          "embedding.pooling = end-of-text is not there for ONNX graphs, which do not say how to"
              + " project it; use embedding.encoder = transformer");
    }
    return new PromptFormat(
        pooling,
        config.map(known -> known.family() == TransformerConfig.Family.GPT2).orElse(false),
        config.map(TransformerConfig::causal).orElse(false),
        Math.min(
            config.map(TransformerConfig::maxTokens).orElse(USUAL_MAX_TOKENS), limits.maxTokens()),
        limits.vocabulary(),
        config.map(TransformerConfig::endOfText).orElse(TransformerConfig.LARGEST_ID),
        NONE);
  }

  /** Whether the pooled token is the first one and sees no other, so that all labels are equal. */
  boolean seesNothing() {
    return pooling == Pooling.CLS && causal;
  }
}
