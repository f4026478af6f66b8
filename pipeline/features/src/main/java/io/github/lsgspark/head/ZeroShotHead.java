package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;

/**
 * The class whose text is nearest by the cosine, in the space of images and texts (Radford et al.,
 * "Learning Transferable Visual Models From Natural Language Supervision", 2021, section 3.1.4). Of
 * the labelled samples it learns the temperature alone.
 */
public final class ZeroShotHead implements HeadKind {
  @Override
  public String label() {
    return "zero-shot";
  }

  @Override
  public String help() {
    return "the class whose text is nearest, in the space of images and texts";
  }

  @Override
  public boolean isOfTexts() {
    return true;
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    return TextClassifierHead.zeroShot(rows, settings);
  }
}
