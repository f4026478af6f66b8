package io.github.lsgspark.embedding.transformer;

import io.github.lsgspark.config.EmbeddingSettings.Pooling;
import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.text.TokenizedText;
import io.github.lsgspark.text.Tokenizer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;

/** Turns prompts into token ids and finds the tokens of the label (docs/method.md, section 1). */
final class PromptTokenizer {
  /** What tokenizers of words and of pieces write for what they do not know. */
  private static final Set<String> UNKNOWN = Set.of("[UNK]", "<unk>");

  private final Tokenizer tokenizer;
  private final PromptFormat format;

  PromptTokenizer(Tokenizer tokenizer, PromptFormat format) {
    this.tokenizer = tokenizer;
    this.format = format;
  }

  /** All tokens of a prompt, none cut off; places count from the prompt's first character. */
  TokenizedText text(String prompt) {
    if (format.fill() != PromptFormat.NONE) {
      return tokenizer.tokenize(lowerCase(prompt), true);
    }
    if (!format.wrapped()) {
      return tokenizer.tokenize(prompt, true);
    }
    TokenizedText wrapped =
        tokenizer.tokenize(PromptFormat.END_OF_TEXT + prompt + PromptFormat.END_OF_TEXT, true);
    int shift = PromptFormat.END_OF_TEXT.length();
    boolean[] special = wrapped.special().clone();
    special[0] = true;
    special[special.length - 1] = true;
    return new TokenizedText(
        wrapped.ids(),
        wrapped.tokens(),
        Arrays.stream(wrapped.starts()).map(start -> start - shift).toArray(),
        Arrays.stream(wrapped.ends()).map(end -> end - shift).toArray(),
        special);
  }

  /** SigLIP has seen lower case alone; letters that change their number keep theirs. */
  private static String lowerCase(String prompt) {
    String lower = prompt.toLowerCase(Locale.ROOT);
    return lower.length() == prompt.length() ? lower : prompt;
  }

  /**
   * @param start first UTF-16 index of the label in the prompt
   * @param end index after its last
   */
  PromptTokens tokenize(String prompt, int start, int end) {
    TokenizedText text = text(prompt);
    requireKnown(text, prompt);
    int[] wanted = wanted(text, prompt, start, end);
    int kept = Math.min(text.length(), format.maxTokens());
    int[] order = kept < text.length() ? withoutMiddle(text, kept) : null;
    int[] pooled = order == null ? wanted : placesOf(order, wanted);
    int[] label = overlapping(text, start, end);
    requireKnownWord(text, label, prompt.substring(start, end));
    int cut = order == null ? 0 : label.length - placesOf(order, label).length;
    int length = kept;
    if (format.causal() && pooled.length > 0) {
      length = pooled[pooled.length - 1] + 1;
    }
    boolean fills = format.fill() != PromptFormat.NONE;
    long[] ids = new long[fills ? format.maxTokens() : length];
    Arrays.fill(ids, format.fill());
    for (int i = 0; i < length; i++) {
      ids[i] = text.ids()[order == null ? i : order[i]];
    }
    boolean last = fills && format.pooling() == Pooling.END_OF_TEXT;
    return new PromptTokens(
        ids, last ? new int[] {ids.length - 1} : pooled, cut, text.length() - kept);
  }

  /** Special tokens that the model has no vector for stand in a text that spells them out. */
  private void requireKnown(TokenizedText text, String prompt) {
    for (int i = 0; i < text.length(); i++) {
      if (text.ids()[i] >= format.vocabulary()) {
        throw LsgException.input(
            String.format(
                "tokenizer.json: token \"%s\" has id %d, but the model's vocabulary is %d tokens;"
                    + " it stands in the prompt: %s",
                text.tokens()[i], text.ids()[i], format.vocabulary(), prompt));
      }
    }
  }

  /** All labels without a known word would have the same vector. */
  private static void requireKnownWord(TokenizedText text, int[] label, String name) {
    if (label.length > 0
        && Arrays.stream(label).allMatch(place -> UNKNOWN.contains(text.tokens()[place]))) {
      throw LsgException.input(
          "the model's vocabulary knows no word or piece of the class name \""
              + name
              + "\": it reads "
              + text.tokens()[label[0]]
              + " and nothing else, as of every such name. Name the class in the model's language"
              + " (labels.names), or take a model of that language; embedding.encoder = lexical reads"
              + " any letters, and knows no meaning");
    }
  }

  /** The first tokens, and the special ones that end the text, as transformers truncates. */
  private static int[] withoutMiddle(TokenizedText text, int kept) {
    int tail = 0;
    while (tail < text.length() && text.special()[text.length() - 1 - tail]) {
      tail++;
    }
    int head = Math.max(0, kept - tail);
    int jump = text.length() - kept;
    return IntStream.range(0, kept).map(i -> i < head ? i : i + jump).toArray();
  }

  /** New places of tokens in what was kept; those cut off have none. */
  private static int[] placesOf(int[] order, int[] tokens) {
    return Arrays.stream(tokens)
        .map(token -> Arrays.binarySearch(order, token))
        .filter(place -> place >= 0)
        .toArray();
  }

  /** Places of the pooled tokens before anything is cut off. */
  int[] wanted(TokenizedText text, String prompt, int start, int end) {
    return switch (format.pooling()) {
      case CLASS_NAME -> overlapping(text, start, end);
      case OFFICIAL -> official(text, prompt, start, end);
      case CLS -> new int[] {0};
      case MEAN -> IntStream.range(0, text.length()).toArray();
      case END_OF_TEXT -> new int[] {endOfText(text)};
      case AUTO -> throw new IllegalStateException("decided when the model was looked at");
    };
  }

  /** Tokens that share a character with the label: right for every tokenizer. */
  private static int[] overlapping(TokenizedText text, int start, int end) {
    return IntStream.range(0, text.length())
        .filter(
            i ->
                !text.special()[i]
                    && Math.max(text.starts()[i], start) < Math.min(text.ends()[i], end))
        .toArray();
  }

  /**
   * The reference's counting: tokens a + 1 to a + b, with a the number of tokens of the text before
   * the label and b that of the label, each tokenised alone. With byte-level vocabularies this
   * begins one token late, as the reference does.
   */
  private int[] official(TokenizedText text, String prompt, int start, int end) {
    int before = tokenizer.tokenize(prompt.substring(0, start), false).length();
    int label = tokenizer.tokenize(prompt.substring(start, end), false).length();
    return IntStream.range(before + 1, Math.min(before + 1 + label, text.length())).toArray();
  }

  private int endOfText(TokenizedText text) {
    if (format.endOfText() == TransformerConfig.FIRST_TOKEN) {
      return 0;
    }
    if (format.wrapped() || format.fill() != PromptFormat.NONE) {
      return text.length() - 1;
    }
    int place = 0;
    for (int i = 0; i < text.length(); i++) {
      if (text.ids()[i] == format.endOfText()) {
        return i;
      }
      if (text.ids()[i] > text.ids()[place]) {
        place = i;
      }
    }
    return place;
  }
}
