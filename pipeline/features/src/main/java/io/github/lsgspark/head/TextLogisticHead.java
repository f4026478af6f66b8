package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;
import java.util.Arrays;

/**
 * Multinomial regression on images and texts together, in the space that they share: the logits of
 * class c are (w_c + α_c t_c)·x, where t_c is the mean prompt of the class (LP++: Huang et al., "A
 * Surprisingly Strong Linear Probe for Few-Shot CLIP", 2024, equation 2). W and α are found
 * together, by L-BFGS from the zero-shot classifier at its temperature instead of that paper's
 * steps; λ/2 ‖W‖², chosen by folds, stands for its early end. A class without a sample is told by
 * its text, with the mean α of the others.
 */
public final class TextLogisticHead implements HeadKind {
  @Override
  public String label() {
    return "text-logistic";
  }

  @Override
  public String help() {
    return "multinomial regression on samples and texts together (LP++)";
  }

  @Override
  public boolean isOfTexts() {
    return true;
  }

  @Override
  public String judgement(HeadSettings settings) {
    return settings.logistic().folds() + " folds";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    double[] texts = TextClassifierHead.texts(rows);
    Fitted zeroShot = new ZeroShotHead().fit(rows, settings);
    double[] factors = new double[rows.classes().size()];
    Arrays.fill(factors, 1 / zeroShot.best().temperature());
    return new MultinomialFit(rows, settings).of(texts, factors);
  }
}
