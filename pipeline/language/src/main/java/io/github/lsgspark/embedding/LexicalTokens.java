package io.github.lsgspark.embedding;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Words and character n-grams of short texts, in lower case. */
final class LexicalTokens {
  private LexicalTokens() {}

  /** Runs of letters and digits; a text without any is one word. */
  static List<String> words(String text) {
    String lower = Normalizer.normalize(text, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    List<String> words = new ArrayList<>();
    for (String word : lower.split("[^\\p{L}\\p{M}\\p{N}]+")) {
      if (!word.isEmpty()) {
        words.add(word);
      }
    }
    if (words.isEmpty() && !lower.isBlank()) {
      words.add(lower.strip());
    }
    return words;
  }

  /**
   * The n-grams of each word, with {@code <} and {@code >} as its ends: "red" has {@code <re, red,
   * ed>, <red, red>, <red>}. A word that is shorter than the shortest n-gram gives itself.
   */
  static List<String> ngrams(List<String> words, int shortest, int longest) {
    List<String> ngrams = new ArrayList<>();
    for (String word : words) {
      int[] codePoints = ("<" + word + ">").codePoints().toArray();
      for (int n = Math.min(shortest, codePoints.length); n <= longest; n++) {
        for (int from = 0; from + n <= codePoints.length; from++) {
          ngrams.add(new String(codePoints, from, n));
        }
      }
    }
    return ngrams;
  }
}
