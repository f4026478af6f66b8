package io.github.lsgspark.dataset.modality;

import io.github.lsgspark.config.TrainSettings;

/** How a sample is looked at. */
public enum ViewKind {
  /** Always the same: of an image the whole or its centre. */
  EVALUATION,
  /** A random part, of an image perhaps mirrored. */
  WEAK,
  /** The weak view of the same seed, changed strongly: an image by RandAugment. */
  STRONG;

  /**
   * The kind of one of a sample's views.
   *
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
