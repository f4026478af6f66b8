package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.storage.HadoopFiles;
import io.github.lsgspark.storage.Json;
import java.util.Optional;

/**
 * What a folder of sentence-transformers states of its pooling and of what stands before a text;
 * nothing where it is of another kind.
 *
 * @param folder on any Hadoop file system
 */
record SentenceFiles(String folder, HadoopFiles files) {
  private static final String POOLING = "1_Pooling/config.json";
  private static final String MODULES = "modules.json";
  private static final String PREFIXES = "config_sentence_transformers.json";

  /** The pooling that the folder states. */
  Optional<StatedPooling> statedPooling() {
    JsonNode pooling = read(POOLING);
    return pooling.isMissingNode()
        ? Optional.empty()
        : Optional.of(StatedPooling.of(pooling, read(MODULES)));
  }

  /**
   * What a pooling comes to.
   *
   * @param wanted AUTO: what the folder states, the label's tokens where it states none that this
   *     program does
   */
  Pooling pooling(Pooling wanted) {
    return wanted == Pooling.AUTO
        ? statedPooling().flatMap(StatedPooling::known).orElse(Pooling.CLASS_NAME)
        : wanted;
  }

  /** The default prompt, such as "query: ", or nothing. */
  String prefix() {
    JsonNode config = read(PREFIXES);
    String chosen = config.path("default_prompt_name").asText("");
    return config.path("prompts").path(chosen).asText("");
  }

  private JsonNode read(String name) {
    String file = HadoopFiles.path(folder, name);
    return files.exists(file) ? Json.read(files, file) : MissingNode.getInstance();
  }
}
