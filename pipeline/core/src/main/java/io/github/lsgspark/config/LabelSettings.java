package io.github.lsgspark.config;

import java.io.Serializable;
import java.util.List;

/**
 * The classes.
 *
 * @param file one label per line, optionally TAB and a description; empty: class folder names,
 *     sorted
 * @param names what class folders or labels that are numbers or codes are called in words; empty:
 *     as they are
 * @param words whether names that are written as folders are, or as WordNet's numbers, become words
 * @param describe what is said of a class beside its name
 * @param senses which meaning of an ambiguous name is meant, as {@code name = sense}
 * @param taxonomy what is known of how the classes relate; empty: nothing
 */
public record LabelSettings(
    @InputPath String file,
    @InputPath String names,
    Words words,
    Describe describe,
    List<String> senses,
    @InputPath(words = LabelSettings.WORDNET) String taxonomy)
    implements Serializable {

  /** The taxonomy that is WordNet's, and no file. */
  public static final String WORDNET = "wordnet";

  /** Whether names become words. */
  public enum Words {
    AUTO,
    NONE
  }

  /** Where descriptions come from. */
  public enum Describe {
    NONE,
    FILE,
    WORDNET
  }

  /** Refuses two sayings of what the classes are called. */
  public LabelSettings {
    senses = List.copyOf(senses);
    if (!file.isEmpty() && !names.isEmpty()) {
      throw new IllegalArgumentException(
          "file lists the classes by name, and names translates those of the samples: set one of"
              + " both, but they were "
              + file
              + " and "
              + names);
    }
  }

  /** Whether the taxonomy is WordNet's. */
  public boolean isWordNetTaxonomy() {
    return taxonomy.equals(WORDNET);
  }

  /** Whether what the names mean is looked up in WordNet. */
  public boolean looksUpSenses() {
    return describe == Describe.WORDNET || isWordNetTaxonomy();
  }
}
