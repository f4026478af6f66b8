package io.github.lsgspark.head;

import io.github.lsgspark.config.HeadSettings;

/**
 * Multinomial regression without a constant: the smallest Σ w_i (−log softmax(W x_i)_{y_i}) + λ/2
 * ‖W‖², by L-BFGS from a ridge at its temperature ({@link MultinomialFit}). λ is judged by folds,
 * as leaving out each sample would take a fit for each.
 */
public final class LogisticHead implements HeadKind {
  @Override
  public String label() {
    return "logistic";
  }

  @Override
  public String help() {
    return "multinomial regression";
  }

  @Override
  public String judgement(HeadSettings settings) {
    return settings.logistic().folds() + " folds";
  }

  @Override
  public Fitted fit(LabelledRows rows, HeadSettings settings) {
    Fitted ridge = new RidgeHead().fit(rows, settings);
    double[] start = ridge.head().dividedBy(ridge.best().temperature()).weight();
    return new MultinomialFit(rows, settings).of(start);
  }
}
