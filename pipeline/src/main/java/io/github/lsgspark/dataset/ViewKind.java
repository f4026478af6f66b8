package io.github.lsgspark.dataset;

import io.github.lsgspark.config.TrainSettings;

/** How a sample is looked at. */
public enum ViewKind {
  /** The whole image or its centre, always the same. */
  EVALUATION,
  /** A random crop, perhaps mirrored. */
  WEAK,
  /** The weak view of the same seed, changed by {@link RandAugment}. */
  STRONG;

  /**
   * @param view number of the view of a sample, from 0
   */
  public static ViewKind of(TrainSettings.Views views, int view) {
    return switch (views) {
      case WEAK -> WEAK;
      case STRONG -> STRONG;
      case WEAK_STRONG -> view == 0 ? WEAK : STRONG;
    };
  }
}
