package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which tokens make the vector according to a folder of sentence-transformers: {@code
 * 1_Pooling/config.json}, and {@code modules.json} for what comes after it.
 *
 * @param modes as the folder calls them, such as mean; several are laid side by side
 * @param later modules after the pooling that change directions, such as Dense
 */
record StatedPooling(List<String> modes, List<String> later) {
  private static final String KEY = "pooling_mode_";

  /** Names in the newer way of writing and in the older one. */
  private static final Map<String, String> MODES =
      Map.of(
          "cls_token", "cls",
          "mean_tokens", "mean",
          "max_tokens", "max",
          "mean_sqrt_len_tokens", "mean_sqrt_len",
          "weightedmean_tokens", "weightedmean");

  /** What this program does, too. */
  private static final Map<String, Pooling> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put("mean", Pooling.MEAN);
    KNOWN.put("cls", Pooling.CLS);
    KNOWN.put("lasttoken", Pooling.END_OF_TEXT);
  }

  /**
   * @param pooling content of 1_Pooling/config.json
   * @param modules content of modules.json; missing if there is none
   */
  static StatedPooling of(JsonNode pooling, JsonNode modules) {
    List<String> modes = new ArrayList<>();
    if (pooling.path("pooling_mode").isTextual()) {
      modes.add(pooling.path("pooling_mode").asText());
    }
    pooling
        .properties()
        .forEach(
            entry -> {
              if (entry.getKey().startsWith(KEY) && entry.getValue().asBoolean()) {
                String mode = entry.getKey().substring(KEY.length());
                modes.add(MODES.getOrDefault(mode, mode));
              }
            });
    List<String> later = new ArrayList<>();
    for (JsonNode module : modules) {
      String type = module.path("type").asText();
      String name = type.substring(type.lastIndexOf('.') + 1);
      if (!List.of("Transformer", "Pooling", "Normalize").contains(name)) {
        later.add(name);
      }
    }
    return new StatedPooling(List.copyOf(modes), List.copyOf(later));
  }

  /** The one pooling that is stated, if this program does it, too. */
  Optional<Pooling> known() {
    return modes.size() == 1 ? Optional.ofNullable(KNOWN.get(modes.get(0))) : Optional.empty();
  }

  /** What is to be said where the folder and the configuration differ; empty: they do not. */
  Optional<String> difference(Pooling used, String folder) {
    String stated = String.join(" + ", modes);
    Pooling known = known().orElse(null);
    StringBuilder text = new StringBuilder();
    if (!modes.isEmpty() && known != used) {
      text.append("embedding.pooling = ")
          .append(used.label())
          .append(", but 1_Pooling/config.json of ")
          .append(folder)
          .append(" states ")
          .append(stated)
          .append(
              known == null
                  ? ", which this program does not compute"
                  : ": the model was trained for embedding.pooling = " + known.label());
    }
    if (!later.isEmpty()) {
      text.append(text.isEmpty() ? "" : "; ")
          .append("modules.json of ")
          .append(folder)
          .append(" states ")
          .append(later)
          .append(" beside its transformer and its pooling, which is left out");
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(text.toString());
  }
}
