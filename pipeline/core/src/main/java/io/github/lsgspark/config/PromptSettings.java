package io.github.lsgspark.config;

import java.io.Serializable;

/**
 * Prompt templates (docs/method.md, section 1).
 *
 * @param file one template per line with {} for the label; empty: a built-in set
 * @param set which built-in set
 * @param train how many templates, from the first, make graph nodes for training
 * @param heldout how many of the following ones are held out
 * @param thisIsPrefix the reference's rule: a template starting with "a" or "the" gets "This is "
 */
public record PromptSettings(
    @InputPath String file,
    Templates set,
    @Range(min = 1, max = 10000) int train,
    @Range(min = 0, max = 10000) int heldout,
    boolean thisIsPrefix)
    implements Serializable {

  /** The built-in sets. */
  public enum Templates {
    AUTO,
    PHOTOS,
    DRAWINGS,
    SOUNDS,
    VIDEOS
  }

  /**
   * The built-in set that is meant.
   *
   * @param modality decides where none is named
   */
  public Templates setFor(DataSettings.Modality modality) {
    if (set != Templates.AUTO) {
      return set;
    }
    return switch (modality) {
      case IMAGE -> Templates.PHOTOS;
      case AUDIO -> Templates.SOUNDS;
      case VIDEO -> Templates.VIDEOS;
    };
  }
}
