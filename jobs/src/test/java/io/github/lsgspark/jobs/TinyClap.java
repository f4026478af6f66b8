package io.github.lsgspark.jobs;

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

/** A small CLAP with drawn weights, sounds and texts in one directory as transformers writes it. */
final class TinyClap {
  private static final int WIDTH = 16;
  private static final int PROJECTED = 12;
  private static final int TOKENS = 48;
  private static final int BANDS = 16;
  private static final int FRAMES = 201;
  private static final WordPieceFile WORDS =
      new WordPieceFile(
          List.of("<s>", "<pad>", "</s>", "<unk>"),
          "<s>",
          "</s>",
          "<unk>",
          List.of("a", "the", "sound", "of", "low", "high", "hum", "whistle", ".", ",", "-"));

  private static final String CONFIG =
      """
      { "model_type": "clap", "projection_dim": 12, "projection_hidden_act": "relu",
        "audio_config": { "depths": [1, 1], "num_attention_heads": [2, 2], "hidden_size": 32,
          "num_mel_bins": 16, "patch_embeds_hidden_size": 16, "patch_size": 4,
          "patch_stride": [4, 4], "spec_size": 64, "window_size": 4, "mlp_ratio": 2 },
        "text_config": { "vocab_size": %d, "hidden_size": 16, "intermediate_size": 32,
          "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 48,
          "pad_token_id": 1 } }
      """;

  private static final String EXTRACTOR =
      """
      { "feature_size": 16, "fft_window_size": 1024, "hop_length": 240, "frequency_min": 50,
        "frequency_max": 14000, "sampling_rate": 48000, "max_length_s": 1,
        "padding": "repeatpad", "truncation": "rand_trunc" }
      """;

  private TinyClap() {}

  /** Writes config.json, tokenizer.json, preprocessor_config.json and model.safetensors. */
  static Path write(Path folder) throws IOException {
    Files.createDirectories(folder);
    int vocabulary = WORDS.vocabulary().size();
    String config = CONFIG.formatted(vocabulary);
    Files.writeString(folder.resolve("config.json"), config);
    Files.writeString(folder.resolve("tokenizer.json"), WORDS.content());
    Files.writeString(folder.resolve("preprocessor_config.json"), EXTRACTOR);
    Map<String, HostArray> tensors = new LinkedHashMap<>();
    try (Tower sounds =
        Towers.of(
            TowerConfig.parse(config.getBytes(StandardCharsets.UTF_8), "config.json"),
            BANDS,
            FRAMES)) {
      tensors.putAll(sounds.initialWeights(1));
    }
    texts(new DrawnTensors(tensors, 3), vocabulary);
    try (OutputStream out = Files.newOutputStream(folder.resolve("model.safetensors"))) {
      Safetensors.write(out, tensors, Map.of());
    }
    return folder;
  }

  private static void texts(DrawnTensors drawn, int vocabulary) {
    String at = "text_model.embeddings.";
    drawn.put(at + "word_embeddings.weight", vocabulary, WIDTH);
    drawn.put(at + "position_embeddings.weight", TOKENS, WIDTH);
    drawn.put(at + "token_type_embeddings.weight", 1, WIDTH);
    drawn.linear(at + "LayerNorm", WIDTH);
    for (int layer = 0; layer < 2; layer++) {
      at = "text_model.encoder.layer." + layer + ".";
      for (String part : List.of("query", "key", "value")) {
        drawn.linear(at + "attention.self." + part, WIDTH, WIDTH);
      }
      drawn.linear(at + "attention.output.dense", WIDTH, WIDTH);
      drawn.linear(at + "attention.output.LayerNorm", WIDTH);
      drawn.linear(at + "intermediate.dense", 2 * WIDTH, WIDTH);
      drawn.linear(at + "output.dense", WIDTH, 2 * WIDTH);
      drawn.linear(at + "output.LayerNorm", WIDTH);
    }
    drawn.linear("text_model.pooler.dense", WIDTH, WIDTH);
    drawn.linear("text_projection.linear1", PROJECTED, WIDTH);
    drawn.linear("text_projection.linear2", PROJECTED, PROJECTED);
    drawn.put("logit_scale_a");
    drawn.put("logit_scale_t");
  }
}
