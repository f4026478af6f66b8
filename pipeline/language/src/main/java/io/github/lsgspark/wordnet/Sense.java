package io.github.lsgspark.wordnet;

import java.util.List;

/**
 * A meaning of a noun in WordNet 3.0: a synset.
 *
 * @param wnid "n" and eight digits, as ImageNet numbers its classes
 * @param key first synonym, part of speech and the number of the meaning among those of that
 *     synonym, as in {@code crane.n.04}
 * @param words synonyms, the most usual first
 * @param gloss definition, without examples
 */
public record Sense(String wnid, String key, List<String> words, String gloss) {
  public Sense {
    words = List.copyOf(words);
  }

  /** The most usual synonym. */
  public String name() {
    return words.get(0);
  }

  @Override
  public String toString() {
    return wnid + " " + key + " (" + gloss + ")";
  }
}
