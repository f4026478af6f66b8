package io.github.lsgspark.testing;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tokenizer.json of words, letters and digits in lower case, for models that a test makes itself.
 *
 * @param special tokens that are none of a text, by their ids: unknown ones among them
 * @param start before every text
 * @param end behind it
 * @param unknown for what is no token
 * @param words that are one token each
 */
public record WordPieceFile(
    List<String> special, String start, String end, String unknown, List<String> words) {
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** All tokens with their ids. */
  public Map<String, Integer> vocabulary() {
    Map<String, Integer> vocabulary = new LinkedHashMap<>();
    special.forEach(token -> vocabulary.put(token, vocabulary.size()));
    words.forEach(word -> vocabulary.putIfAbsent(word, vocabulary.size()));
    LETTERS
        .chars()
        .mapToObj(Character::toString)
        .forEach(
            letter -> {
              vocabulary.putIfAbsent(letter, vocabulary.size());
              vocabulary.putIfAbsent("##" + letter, vocabulary.size());
            });
    return vocabulary;
  }

  /** The content of the file. */
  public String content() {
    Map<String, Integer> vocabulary = vocabulary();
    ObjectNode root = JSON.createObjectNode();
    root.put("version", "1.0").putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    for (String token : special) {
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
      special(pieces, start);
      pieces.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
      special(pieces, end);
      if (kind.equals("pair")) {
        pieces.addObject().putObject("Sequence").put("id", "B").put("type_id", 1);
      }
    }
    ObjectNode specials = template.putObject("special_tokens");
    for (String token : List.of(start, end)) {
      ObjectNode node = specials.putObject(token).put("id", token);
      node.putArray("ids").add(vocabulary.get(token));
      node.putArray("tokens").add(token);
    }
    root.putNull("decoder");
    ObjectNode model =
        root.putObject("model")
            .put("type", "WordPiece")
            .put("unk_token", unknown)
            .put("continuing_subword_prefix", "##")
            .put("max_input_chars_per_word", 5000);
    vocabulary.forEach(model.putObject("vocab")::put);
    return root.toPrettyString();
  }

  private static void special(ArrayNode pieces, String token) {
    pieces.addObject().putObject("SpecialToken").put("id", token).put("type_id", 0);
  }
}
