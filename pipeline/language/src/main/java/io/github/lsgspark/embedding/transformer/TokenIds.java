package io.github.lsgspark.embedding.transformer;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.lsgspark.config.LsgException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a tokenizer.json and their ids: vocabulary, added tokens and what the
 * post-processor puts around a text.
 */
final class TokenIds {
  private static final Logger LOG = LoggerFactory.getLogger(TokenIds.class);

  private static final int SHOWN = 5;

  private final TreeMap<Integer, String> byId = new TreeMap<>();
  private final Map<String, Integer> vocabulary = new HashMap<>();

  /** Special tokens that stand in no text unless someone writes them there, such as [MASK]. */
  private final Set<Integer> unusual = new HashSet<>();

  private TokenIds() {}

  /**
   * @param file what to call the content in errors
   * @throws LsgException exit 3 if it is no tokenizer's description
   */
  static TokenIds of(JsonNode root, String file) {
    JsonNode model = root.path("model");
    if (!root.isObject() || !model.isObject()) {
      throw LsgException.input(file + ": not a sound tokenizer.json: it has no \"model\"");
    }
    TokenIds ids = new TokenIds();
    JsonNode vocabulary = model.path("vocab");
    if (vocabulary.isArray()) {
      for (int id = 0; id < vocabulary.size(); id++) {
        ids.add(vocabulary.path(id).path(0).asText(), id);
      }
    } else {
      vocabulary.properties().forEach(entry -> ids.add(entry.getKey(), entry.getValue().asInt()));
    }
    Set<String> wrapping = new HashSet<>();
    ids.addWrapping(root.path("post_processor"), wrapping);
    wrapping.add(model.path("unk_token").asText());
    for (JsonNode added : root.path("added_tokens")) {
      String token = added.path("content").asText();
      int id = added.path("id").asInt();
      ids.byId.put(id, token);
      ids.vocabulary.put(token, id);
      if (added.path("special").asBoolean() && !wrapping.contains(token)) {
        ids.unusual.add(id);
      }
    }
    if (ids.byId.isEmpty()) {
      throw LsgException.input(file + ": not a sound tokenizer.json: it has no token");
    }
    return ids;
  }

  private void add(String token, int id) {
    byId.put(id, token);
    vocabulary.put(token, id);
  }

  /** Tokens of the three kinds of post-processors that have some, and of lists of processors. */
  private void addWrapping(JsonNode processor, Set<String> wrapping) {
    processor.path("processors").forEach(one -> addWrapping(one, wrapping));
    for (String end : List.of("sep", "cls")) {
      if (processor.path(end).isArray()) {
        String token = processor.path(end).path(0).asText();
        byId.put(processor.path(end).path(1).asInt(), token);
        wrapping.add(token);
      }
    }
    for (JsonNode special : processor.path("special_tokens")) {
      for (int i = 0; i < special.path("ids").size(); i++) {
        String token = special.path("tokens").path(i).asText();
        byId.put(special.path("ids").path(i).asInt(), token);
        wrapping.add(token);
      }
    }
  }

  /** The largest id. */
  int largest() {
    return byId.lastKey();
  }

  Optional<Integer> id(String token) {
    return Optional.ofNullable(vocabulary.get(token));
  }

  /**
   * Refuses tokens that the model has no vector for.
   *
   * @param rows number of its token ids
   * @param file tokenizer.json, for errors
   * @param model what has so many rows, for errors
   * @throws LsgException exit 3 that names token, id and rows; special tokens that only a text that
   *     spells them out has are not meant
   */
  void requireWithin(int rows, String file, String model) {
    Map<Integer, String> beyond = new TreeMap<>(byId.tailMap(rows, true));
    beyond.keySet().removeAll(unusual);
    if (!beyond.isEmpty()) {
      String shown =
          beyond.entrySet().stream()
              .limit(SHOWN)
              .map(token -> "\"" + token.getValue() + "\" has id " + token.getKey())
              .collect(Collectors.joining(", "));
      throw LsgException.input(
          String.format(
              "%s: token %s%s, but the vocabulary of %s is %d tokens, ids 0 to %d (%d tokens lie"
                  + " beyond it); are the two files of the same model?",
              file,
              shown,
              beyond.size() > SHOWN ? ", …" : "",
              model,
              rows,
              rows - 1,
              beyond.size()));
    }
  }

  /** How many lines of a vocab.txt say another id of a token, with the first; empty: none does. */
  Optional<String> disagreement(String vocabularyText) {
    String[] lines = vocabularyText.split("\r?\n", -1);
    int count = 0;
    String first = null;
    for (int line = 0; line < lines.length; line++) {
      Integer id = vocabulary.get(lines[line]);
      if (id != null && id != line) {
        first =
            first == null
                ? "\"" + lines[line] + "\" is " + line + " there and " + id + " here"
                : first;
        count++;
      }
    }
    return count == 0 ? Optional.empty() : Optional.of(count + " tokens, the first: " + first);
  }

  /**
   * Says so if an older list of the tokens has other ids.
   *
   * @param vocabularyText content of its vocab.txt
   * @param file what to call it
   */
  void warnOfOther(String vocabularyText, String file) {
    disagreement(vocabularyText)
        .ifPresent(
            what ->
                LOG.warn("{} has other ids than tokenizer.json, which is used: {}", file, what));
  }
}
