package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;

/**
 * Gaussian classes and the texts of the classes together, for networks whose images and texts share
 * a space: the scores of {@link GaussianHead} plus α times the cosines to the mean prompts (Wang et
 * al., "A Hard-to-Beat Baseline for Training-Free CLIP-Based Adaptation", ICLR 2024). The share of
 * the sphere and α are chosen by exact leave-one-out. A class without samples has the mean of the
 * others' Gaussian scores, and is told by its text.
 */
public final class TextGaussianHead implements HeadKind {
  /** Of cosines, where Gaussian scores are log densities; CLIP's own factor is 100. */
  private static final double[] FACTORS = {0, 10, 30, 100, 300, 1000, 3000};

  @Override
  public String label() {
    return "text-gda";
  }

  @Override
  public String help() {
    return "Gaussian classes and the texts of the classes, in the space of images and texts";
  }

  @Override
  public boolean isOfTexts() {
    return true;
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    return GaussianHead.fit(rows, settings, TextClassifierHead.texts(rows), FACTORS);
  }
}
