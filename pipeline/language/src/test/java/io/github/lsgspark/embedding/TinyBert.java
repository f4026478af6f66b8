package io.github.lsgspark.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A folder as the Hub serves it, made on the spot: a BERT of 8 dimensions, 2 layers and 64 tokens
 * at most, whose vocabulary is letters, digits, a full stop and a few words.
 */
public final class TinyBert {
  public static final int WIDTH = 8;
  public static final int MAX_TOKENS = 64;
  private static final int FEED_FORWARD = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private TinyBert() {}

  /** Writes config.json, tokenizer.json and model.safetensors. */
  public static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Map<String, Integer> vocabulary = vocabulary();
    Files.writeString(folder.resolve("tokenizer.json"), tokenizer(vocabulary));
    Files.writeString(folder.resolve("config.json"), config(vocabulary.size()));
    safetensors(folder.resolve("model.safetensors"), weights(vocabulary.size()));
    return folder;
  }

  /** Writes arrays to a file. */
  public static void safetensors(Path file, Map<String, HostArray> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(out, arrays, Map.of());
    }
  }

  private static Map<String, Integer> vocabulary() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "photo", "this", "tree", "maple", ".")
        .forEach(token -> vocabulary.put(token, vocabulary.size()));
    "abcdefghijklmnopqrstuvwxyz0123456789"
        .chars()
        .forEach(
            letter -> {
              vocabulary.put(Character.toString(letter), vocabulary.size());
              vocabulary.put("##" + Character.toString(letter), vocabulary.size());
            });
    return vocabulary;
  }

  private static String tokenizer(Map<String, Integer> vocabulary) {
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (String token : List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]")) {
      added
          .addObject()
          .put("id", vocabulary.get(token))
          .put("content", token)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    root.putObject("normalizer")
        .put("type", "BertNormalizer")
        .put("clean_text", true)
        .put("handle_chinese_chars", true)
        .putNull("strip_accents")
        .put("lowercase", true);
    root.putObject("pre_tokenizer").put("type", "BertPreTokenizer");
    ObjectNode template = root.putObject("post_processor").put("type", "TemplateProcessing");
    for (String kind : List.of("single", "pair")) {
      ArrayNode pieces = template.putArray(kind);
      special(pieces, "[CLS]");
      pieces.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      special(pieces, "[SEP]");
      if (kind.equals("pair")) {
        pieces.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
      }
    }
    ObjectNode specials = template.putObject("special_tokens");
    for (String token : List.of("[CLS]", "[SEP]")) {
      ObjectNode node = specials.putObject(token).put("id", token);
      node.putArray("ids").add(vocabulary.get(token));
      node.putArray("tokens").add(token);
    }
    root.putNull("decoder");
    ObjectNode model =
        root.putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", "[UNK]")
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 5000);
    vocabulary.forEach(model.putObject("vocab")::put);
    return root.toPrettyString();
  }

  private static void special(ArrayNode pieces, String token) {
    pieces.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
  }

  private static String config(int vocabulary) {
    return JSON.createObjectNode()
        .put("model_type", "bert")
        .put("vocab_size", vocabulary)
        .put("hidden_size", WIDTH)
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 2)
        .put("intermediate_size", FEED_FORWARD)
        .put("max_position_embeddings", MAX_TOKENS)
        .put("hidden_act", "gelu")
        .put("layer_norm_eps", 1e-12)
        .toPrettyString();
  }

  private static Map<String, HostArray> weights(int vocabulary) {
    Random random = new Random(3);
    Map<String, HostArray> weights = new LinkedHashMap<>();
    put(weights, random, "embeddings.word_embeddings.weight", vocabulary, WIDTH);
    put(weights, random, "embeddings.position_embeddings.weight", MAX_TOKENS, WIDTH);
    put(weights, random, "embeddings.token_type_embeddings.weight", 2, WIDTH);
    norm(weights, random, "embeddings.LayerNorm");
    for (int layer = 0; layer < 2; layer++) {
      String at = "encoder.layer." + layer + ".";
      for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
        put(weights, random, at + "attention." + part + ".weight", WIDTH, WIDTH);
        put(weights, random, at + "attention." + part + ".bias", WIDTH);
      }
      norm(weights, random, at + "attention.output.LayerNorm");
      put(weights, random, at + "intermediate.dense.weight", FEED_FORWARD, WIDTH);
      put(weights, random, at + "intermediate.dense.bias", FEED_FORWARD);
      put(weights, random, at + "output.dense.weight", WIDTH, FEED_FORWARD);
      put(weights, random, at + "output.dense.bias", WIDTH);
      norm(weights, random, at + "output.LayerNorm");
    }
    return weights;
  }

  private static void norm(Map<String, HostArray> weights, Random random, String name) {
    put(weights, random, name + ".weight", WIDTH);
    put(weights, random, name + ".bias", WIDTH);
  }

  private static void put(
      Map<String, HostArray> weights, Random random, String name, long... shape) {
    int size = 1;
    for (long dimension : shape) {
      size *= (int) dimension;
    }
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.nextGaussian();
    }
    weights.put(name, HostArray.of(values, shape));
  }
}
