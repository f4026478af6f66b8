package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.util.Locale;

/**
 * What a model directory's {@code config.json} says of a text encoder.
 *
 * @param width length of a hidden state: D
 * @param feedForward width inside a feed-forward block
 * @param positions rows of the position table
 * @param firstPosition row of a prompt's first token
 * @param endOfText id of CLIP's end-of-text token; {@link #LARGEST_ID} if it is the largest id of a
 *     prompt, as in configurations before 2023 that say 2
 */
public record TransformerConfig(
    Family family,
    int vocabulary,
    int width,
    int layers,
    int heads,
    int feedForward,
    int positions,
    int firstPosition,
    int padId,
    double epsilon,
    Activation activation,
    int endOfText) {

  /** The end-of-text token has the largest id of its prompt. */
  static final int LARGEST_ID = -1;

  private static final int LEGACY_END_OF_TEXT = 2;

  /** The architectures. */
  public enum Family {
    BERT,
    ROBERTA,
    GPT2,
    CLIP;

    /** As people write it: bert, roberta, gpt2, clip. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param file what to call the content in errors
   * @throws LsgException exit 3 that names an unsupported architecture or a missing entry
   */
  static TransformerConfig of(JsonNode root, String file) {
    String type = root.path("model_type").asText();
    return switch (type) {
      case "bert" -> bert(new Entries(root, file), Family.BERT);
      case "roberta", "xlm-roberta", "camembert" -> bert(new Entries(root, file), Family.ROBERTA);
      case "gpt2" -> gpt2(new Entries(root, file));
      case "clip_text_model" -> clip(new Entries(root, file));
      case "clip" -> clip(new Entries(root.path("text_config"), file + ": text_config"));
      default ->
          throw LsgException.input(
              file
                  + ": model_type \""
                  + type
                  + "\" is not supported; bert, roberta, gpt2 and clip are. Any other encoder can"
                  + " be exported to ONNX and used with embedding.encoder = onnx");
    };
  }

  private static TransformerConfig bert(Entries entries, Family family) {
    entries.require("position_embedding_type", "absolute");
    entries.require("is_decoder", "false");
    int padId = entries.number("pad_token_id", family == Family.BERT ? 0 : 1);
    return new TransformerConfig(
        family,
        entries.number("vocab_size"),
        entries.number("hidden_size"),
        entries.number("num_hidden_layers"),
        entries.number("num_attention_heads"),
        entries.number("intermediate_size"),
        entries.number("max_position_embeddings"),
        family == Family.BERT ? 0 : padId + 1,
        padId,
        entries.real("layer_norm_eps", family == Family.BERT ? 1e-12 : 1e-5),
        Activation.of(entries.text("hidden_act", "gelu"), entries.file()),
        LARGEST_ID);
  }

  private static TransformerConfig gpt2(Entries entries) {
    entries.require("scale_attn_weights", "true");
    entries.require("scale_attn_by_inverse_layer_idx", "false");
    int width = entries.number("n_embd");
    return new TransformerConfig(
        Family.GPT2,
        entries.number("vocab_size"),
        width,
        entries.number("n_layer"),
        entries.number("n_head"),
        entries.number("n_inner", 4 * width),
        entries.number("n_positions", 1024),
        0,
        -1,
        entries.real("layer_norm_epsilon", 1e-5),
        Activation.of(entries.text("activation_function", "gelu_new"), entries.file()),
        LARGEST_ID);
  }

  /** Defaults are those of CLIPTextConfig: published files leave out what equals them. */
  private static TransformerConfig clip(Entries entries) {
    int end = entries.number("eos_token_id", 49407);
    return new TransformerConfig(
        Family.CLIP,
        entries.number("vocab_size", 49408),
        entries.number("hidden_size", 512),
        entries.number("num_hidden_layers", 12),
        entries.number("num_attention_heads", 8),
        entries.number("intermediate_size", 2048),
        entries.number("max_position_embeddings", 77),
        0,
        -1,
        entries.real("layer_norm_eps", 1e-5),
        Activation.of(entries.text("hidden_act", "quick_gelu"), entries.file()),
        end == LEGACY_END_OF_TEXT ? LARGEST_ID : end);
  }

  /** How many tokens a prompt can have. */
  int maxTokens() {
    return positions - firstPosition;
  }

  /** Whether a token sees earlier ones only. */
  boolean causal() {
    return family == Family.GPT2 || family == Family.CLIP;
  }

  /** Entries of one JSON object; null counts as absent. */
  private record Entries(JsonNode node, String file) {

    int number(String key) {
      int value = number(key, -1);
      if (value < 0) {
        throw LsgException.input(file + ": \"" + key + "\" is missing or not a number");
      }
      return value;
    }

    int number(String key, int absent) {
      return node.hasNonNull(key) ? node.get(key).asInt(-1) : absent;
    }

    double real(String key, double absent) {
      return node.hasNonNull(key) ? node.get(key).asDouble() : absent;
    }

    String text(String key, String absent) {
      return node.hasNonNull(key) ? node.get(key).asText() : absent;
    }

    void require(String key, String supported) {
      if (node.hasNonNull(key) && !node.get(key).asText().equals(supported)) {
        throw LsgException.input(
            file + ": \"" + key + "\": " + node.get(key) + " is not supported, only " + supported);
      }
    }
  }
}
