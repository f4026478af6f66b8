package io.github.lsgspark.embedding.transformer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.embedding.TinyBert;
import io.github.lsgspark.text.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prompts of SigLIP, which always have as many tokens as it takes. */
class FilledPromptsTest {
  private static final String CONFIG =
      """
      { "model_type": "siglip", "text_config": { "vocab_size": 99, "hidden_size": 8,
        "num_attention_heads": 2, "num_hidden_layers": 1, "intermediate_size": 8,
        "max_position_embeddings": 12 } }
      """;

  @TempDir Path folder;

  private static TransformerConfig config() throws IOException {
    return TransformerConfig.of(new ObjectMapper().readTree(CONFIG), "config.json");
  }

  @Test
  void promptsAreFilledUpAndEndAtTheirLastPlace() throws IOException {
    Path model = TinyBert.write(folder.resolve("model"));
    PromptFormat format = PromptFormat.of(Pooling.END_OF_TEXT, config()).filledWith(Optional.of(3));
    try (Tokenizer tokenizer = Tokenizer.open(model.resolve("tokenizer.json"))) {
      PromptTokenizer prompts = new PromptTokenizer(tokenizer, format);
      PromptTokens few = prompts.tokenize("This tree.", 5, 9);
      assertThat(few.ids()).hasSize(12).startsWith(prompts.tokenize("this tree.", 5, 9).ids()[0]);
      assertThat(few.ids()).isEqualTo(prompts.tokenize("this tree.", 5, 9).ids());
      assertThat(Arrays.stream(few.ids()).skip(5)).containsOnly(3L);
      assertThat(few.pooled()).containsExactly(11);
      PromptTokens many = prompts.tokenize("a b c d e f g h i j k l m n o p", 0, 1);
      assertThat(many.ids()).hasSize(12);
      assertThat(many.dropped()).isEqualTo(6);
      assertThat(many.pooled()).containsExactly(11);
      PromptTokens label =
          new PromptTokenizer(tokenizer, PromptFormat.of(Pooling.CLASS_NAME, config()))
              .tokenize("This tree.", 5, 9);
      assertThat(label.ids()).hasSize(12).endsWith(1, 1, 1);
      assertThat(label.pooled()).containsExactly(2);
    }
  }

  /** Which token fills is the tokenizer's to say. */
  @Test
  void theFillingTokenIsThatOfTheTokenizersConfiguration() throws IOException {
    Path model = TinyBert.write(folder.resolve("model"));
    Files.writeString(model.resolve("config.json"), CONFIG);
    Configuration hadoop = new Configuration(false);
    String path = model.toUri().toString();
    assertThat(ModelDirectory.open(path, hadoop).padding()).isEmpty();
    for (String token : List.of("\"[SEP]\"", "{\"content\": \"[SEP]\", \"special\": true}")) {
      Files.writeString(
          model.resolve("tokenizer_config.json"), "{\"pad_token\": %s}".formatted(token));
      ModelDirectory directory = ModelDirectory.open(path, hadoop);
      assertThat(directory.padding()).contains(3);
      assertThat(directory.files(false))
          .extracting(file -> file.getPath().getName())
          .contains("tokenizer_config.json");
    }
  }
}
