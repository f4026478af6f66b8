package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.lsgspark.testing.WordPieceFile;
import io.github.lsgspark.torch.HostArray;
import io.github.lsgspark.torch.Safetensors;
import io.github.lsgspark.tower.Tower;
import io.github.lsgspark.tower.TowerConfig;
import io.github.lsgspark.tower.Towers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small CLIP with drawn weights, images and texts in one directory as transformers writes it. */
final class TinyClip {
  /** Pixels of its images. */
  static final int SIDE = 16;

  private static final int WIDTH = 16;
  private static final int PROJECTED = 12;
  private static final int TOKENS = 48;
  private static final WordPieceFile WORDS =
      new WordPieceFile(
          List.of("<start>", "<end>", "<unk>"),
          "<start>",
          "<end>",
          "<unk>",
          List.of("a", "the", "this", "is", "of", "photo", "small", "large", ".", ",", "-"));

  private static final ObjectMapper JSON = new ObjectMapper();

  private TinyClip() {}

  /** Writes config.json, tokenizer.json, preprocessor_config.json and model.safetensors. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    int vocabulary = WORDS.vocabulary().size();
    String config = config(vocabulary);
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("tokenizer.json"), WORDS.content());
    Files.writeString(
        folder.resolve("preprocessor_config.json"),
        "{\"size\": {\"shortest_edge\": 16}, \"crop_size\": {\"height\": 16, \"width\": 16},"
            + " \"resample\": 3, \"image_mean\": [0.5, 0.5, 0.5], \"image_std\": [0.5, 0.5, 0.5]}");
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    try (Tower images =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"),
            SIDE,
            SIDE)) {
      tensors.putAll(images.initialWeights(1));
    }
    texts(tensors, vocabulary);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of());
    }
    return folder;
  }

  private static String config(int vocabulary) {
    ObjectNode root =
        JSON.createObjectNode().put("model_type", "clip").put("projection_dim", PROJECTED);
    side(root.putObject("vision_config")).put("image_size", SIDE).put("patch_size", 4);
    side(root.putObject("text_config"))
        .put("vocab_size", vocabulary)
        .put("max_position_embeddings", TOKENS)
        .put("eos_token_id", 1);
    return root.toPrettyString();
  }

  private static ObjectNode side(ObjectNode config) {
    return config
        .put("hidden_size", WIDTH)
        .put("intermediate_size", 2 * WIDTH)
        .put("num_hidden_layers", 2)
        .put("num_attention_heads", 2);
  }

  private static void texts(Map<String, HostArray> tensors, int vocabulary) {
    DrawnTensors drawn = new DrawnTensors(tensors, 3);
    String model = "text_model.";
    drawn.put(model + "embeddings.token_embedding.weight", vocabulary, WIDTH);
    drawn.put(model + "embeddings.position_embedding.weight", TOKENS, WIDTH);
    for (int layer = 0; layer < 2; layer++) {
      String at = model + "encoder.layers." + layer + ".";
      for (String part : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
        drawn.linear(at + "self_attn." + part, WIDTH, WIDTH);
      }
      drawn.linear(at + "mlp.fc1", 2 * WIDTH, WIDTH);
      drawn.linear(at + "mlp.fc2", WIDTH, 2 * WIDTH);
      drawn.linear(at + "layer_norm1", WIDTH);
      drawn.linear(at + "layer_norm2", WIDTH);
    }
    drawn.linear(model + "final_layer_norm", WIDTH);
    drawn.put("text_projection.weight", PROJECTED, WIDTH);
    drawn.put("logit_scale");
  }
}
