package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * The classes.
 *
 * @param file one label per line, optionally TAB and a description; empty: class folder names,
 *     sorted
 * @param names what class folders or labels that are numbers or codes are called in words; empty:
 *     as they are
 * @param taxonomy what is known of how the classes relate, to judge embeddings by; empty: nothing
 */
public record LabelSettings(
    @InputPath String file, @InputPath String names, @InputPath String taxonomy)
    implements Serializable {

  /** Refuses two sayings of what the classes are called. */
  public LabelSettings {
    if (!file.isEmpty() && !names.isEmpty()) {
      throw new IllegalArgumentException(
          "file lists the classes by name, and names translates those of the samples: set one of"
              + " both, but they were "
              + file
              + " and "
              + names);
    }
  }
}
