package io.github.lsgspark.embedding;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.testing.WordPieceFile;
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
  private static final WordPieceFile TOKENS =
      new WordPieceFile(
          List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
          "[CLS]",
          "[SEP]",
          "[UNK]",
          List.of("photo", "this", "tree", "maple", "."));

  private TinyBert() {}

  /** Writes config.json, tokenizer.json and model.safetensors. */
  public static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    int vocabulary = TOKENS.vocabulary().size();
    Files.writeString(folder.resolve("tokenizer.json"), TOKENS.content());
    Files.writeString(folder.resolve("config.json"), config(vocabulary));
    safetensors(folder.resolve("model.safetensors"), weights(vocabulary));
    return folder;
  }

  /** Writes arrays to a file. */
  public static void safetensors(Path file, Map<String, HostArray> arrays) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(out, arrays, Map.of());
    }
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
