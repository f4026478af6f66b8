package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.torch.Activation;
import java.util.Locale;

/**
 * What a model directory's {@code config.json} says of a text encoder.
 *
 * @param width length of a hidden state: D
 * @param feedForward width inside a feed-forward block
 * @param positions rows of the position table
 * @param firstPosition row of a prompt's first token
 * @param padId token that fills a prompt up; RoBERTa counts positions behind it; -1: none
 * @param endOfText id of CLIP's end-of-text token; {@link #LARGEST_ID} if it is the largest id of a
 *     prompt, as in configurations before 2023 that say 2; {@link #FIRST_TOKEN} for CLAP
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

  /** No token ends the text: the vector that is compared is the first one's. */
  static final int FIRST_TOKEN = -2;

  private static final int LEGACY_END_OF_TEXT = 2;
  private static final int MOST_LAYERS = 10_000;

  /** The architectures. */
  public enum Family {
    BERT,
    ROBERTA,
    GPT2,
    CLIP,
    SIGLIP,
    CLAP;

    /** As people write it: bert, roberta, gpt2, clip, siglip, clap. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @param file what to call the content in errors
   * @throws LsgException exit 3 that names an unsupported architecture, or an entry that is missing
   *     or of which no network can be made
   */
  static TransformerConfig of(JsonNode root, String file) {
    if (!root.isObject()) {
      throw LsgException.input(file + ": holds no JSON object, as a model's configuration is");
    }
    OtherHalf.refuse(root, file);
    String type = root.hasNonNull("model_type") ? root.get("model_type").asText() : "";
    return switch (type) {
      case "bert" -> bert(new Entries(root, file), Family.BERT);
      case "roberta", "xlm-roberta", "camembert" -> bert(new Entries(root, file), Family.ROBERTA);
      case "gpt2" -> gpt2(new Entries(root, file));
      case "clip_text_model" -> clip(new Entries(root, file));
      case "clip" -> clip(new Entries(root.path("text_config"), file + ": text_config"));
      case "siglip_text_model", "siglip2_text_model" -> siglip(new Entries(root, file));
      case "siglip", "siglip2" ->
          siglip(new Entries(root.path("text_config"), file + ": text_config"));
      case "clap_text_model" -> clap(new Entries(root, file));
      case "clap" -> clap(new Entries(root.path("text_config"), file + ": text_config"));
      default ->
          throw LsgException.input(
              file
                  + (type.isEmpty()
                      ? ": states no model_type"
                      : ": model_type \"" + type + "\" is not supported")
                  + "; bert, roberta, xlm-roberta, camembert, gpt2, clip, siglip, siglip2, clap and their"
                  + " text models are. Any other encoder can be exported to ONNX and used with embedding.encoder ="
                  + " onnx");
    };
  }

  private static TransformerConfig bert(Entries entries, Family family) {
    entries.require("position_embedding_type", "absolute");
    entries.require("is_decoder", "false");
    int padId = entries.number("pad_token_id", family == Family.BERT ? 0 : 1);
    entries.above("vocab_size", padId);
    int firstPosition = family == Family.BERT ? 0 : padId + 1;
    return new TransformerConfig(
        family,
        entries.atLeastOne("vocab_size"),
        entries.atLeastOne("hidden_size"),
        entries.layers("num_hidden_layers"),
        entries.heads("num_attention_heads", "hidden_size"),
        entries.atLeastOne("intermediate_size"),
        entries.above("max_position_embeddings", firstPosition),
        firstPosition,
        padId,
        entries.real("layer_norm_eps", family == Family.BERT ? 1e-12 : 1e-5),
        Activation.of(entries.text("hidden_act", "gelu"), entries.file(), "hidden_act"),
        LARGEST_ID);
  }

  /** RoBERTa's layers, by the defaults of ClapTextConfig. */
  private static TransformerConfig clap(Entries entries) {
    entries.require("position_embedding_type", "absolute");
    entries.require("projection_hidden_act", "relu");
    int padId = entries.number("pad_token_id", 1);
    return aligned(
        entries,
        new TransformerConfig(
            Family.CLAP,
            50265,
            768,
            12,
            12,
            3072,
            514,
            padId + 1,
            padId,
            1e-12,
            Activation.GELU,
            FIRST_TOKEN));
  }

  private static TransformerConfig gpt2(Entries entries) {
    entries.require("scale_attn_weights", "true");
    entries.require("scale_attn_by_inverse_layer_idx", "false");
    int width = entries.atLeastOne("n_embd");
    return new TransformerConfig(
        Family.GPT2,
        entries.atLeastOne("vocab_size"),
        width,
        entries.layers("n_layer"),
        entries.heads("n_head", "n_embd"),
        entries.above("n_inner", 4 * width, 0),
        entries.above("n_positions", 1024, 0),
        0,
        -1,
        entries.real("layer_norm_epsilon", 1e-5),
        Activation.of(
            entries.text("activation_function", "gelu_new"), entries.file(), "activation_function"),
        LARGEST_ID);
  }

  /** Defaults are those of CLIPTextConfig: published files leave out what equals them. */
  private static TransformerConfig clip(Entries entries) {
    int end = entries.number("eos_token_id", 49407);
    return aligned(
        entries,
        new TransformerConfig(
            Family.CLIP,
            49408,
            512,
            12,
            8,
            2048,
            77,
            0,
            -1,
            1e-5,
            Activation.QUICK_GELU,
            end == LEGACY_END_OF_TEXT ? LARGEST_ID : end));
  }

  /** Defaults are those of SiglipTextConfig. */
  private static TransformerConfig siglip(Entries entries) {
    return aligned(
        entries,
        new TransformerConfig(
            Family.SIGLIP,
            32000,
            768,
            12,
            12,
            3072,
            64,
            0,
            entries.number("pad_token_id", 1),
            1e-6,
            Activation.GELU_TANH,
            LARGEST_ID));
  }

  /** Of the texts' side of a model of images, or sounds, and texts. */
  private static TransformerConfig aligned(Entries entries, TransformerConfig absent) {
    int width = entries.above("hidden_size", absent.width, 0);
    int heads = entries.above("num_attention_heads", absent.heads, 0);
    entries.requireHeads("num_attention_heads", heads, "hidden_size", width);
    return new TransformerConfig(
        absent.family,
        entries.above("vocab_size", absent.vocabulary, 0),
        width,
        entries.layers("num_hidden_layers", absent.layers),
        heads,
        entries.above("intermediate_size", absent.feedForward, 0),
        entries.above("max_position_embeddings", absent.positions, absent.firstPosition),
        absent.firstPosition,
        absent.padId,
        entries.real("layer_norm_eps", absent.epsilon),
        entries.node().hasNonNull("hidden_act")
            ? Activation.of(entries.text("hidden_act", ""), entries.file(), "hidden_act")
            : absent.activation,
        absent.endOfText);
  }

  /** Whether a prompt is filled up to the largest number of tokens, as the model was trained. */
  boolean fills() {
    return family == Family.SIGLIP;
  }

  /** Whether positions count real tokens only, and a padding token has the row before theirs. */
  boolean countsRealTokens() {
    return family == Family.ROBERTA || family == Family.CLAP;
  }

  /** Whether there is a vector that is compared with images or sounds. */
  boolean comparesTexts() {
    return family == Family.CLIP || family == Family.SIGLIP || family == Family.CLAP;
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

    int number(String key, int absent) {
      if (!node.hasNonNull(key)) {
        return absent;
      }
      JsonNode value = node.get(key);
      if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
        throw refused(key, "must be a whole number from 0 on, but is " + value);
      }
      return value.intValue();
    }

    int above(String key, int absent, int limit) {
      int value = number(key, absent);
      if (value <= limit) {
        throw refused(key, "must be above " + limit + ", but is " + value);
      }
      return value;
    }

    int above(String key, int limit) {
      if (!node.hasNonNull(key)) {
        throw refused(key, "is missing");
      }
      return above(key, 0, limit);
    }

    int atLeastOne(String key) {
      return above(key, 0);
    }

    int layers(String key) {
      return layers(key, atLeastOne(key));
    }

    int layers(String key, int absent) {
      int layers = above(key, absent, 0);
      if (layers > MOST_LAYERS) {
        throw refused(key, "must be at most " + MOST_LAYERS + ", but is " + layers);
      }
      return layers;
    }

    int heads(String key, String width) {
      int heads = atLeastOne(key);
      requireHeads(key, heads, width, atLeastOne(width));
      return heads;
    }

    void requireHeads(String key, int heads, String widthKey, int width) {
      if (width % heads != 0) {
        throw refused(
            key,
            "must divide \""
                + widthKey
                + "\", but is "
                + heads
                + ", which does not divide "
                + width);
      }
    }

    private LsgException refused(String key, String why) {
      return LsgException.input(file + ": \"" + key + "\" " + why);
    }

    double real(String key, double absent) {
      if (!node.hasNonNull(key)) {
        return absent;
      }
      double value = node.get(key).asDouble(Double.NaN);
      if (!(value > 0 && value < 1)) {
        throw refused(key, "must be a number between 0 and 1, but is " + node.get(key));
      }
      return value;
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
