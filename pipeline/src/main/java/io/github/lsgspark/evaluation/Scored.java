package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Prototypes;
import java.io.Serializable;

/**
 * A sample and what the model says about it.
 *
 * @param labelId its class, or -1 if that is not known
 * @param split of the sample table
 * @param head the classifier alone
 * @param ensemble classifier and class prototypes together; null for a model without prototypes
 */
record Scored(String id, int labelId, String split, Outcome head, Outcome ensemble)
    implements Serializable {

  /** The outcome that the setting asks for; the head's where there are no prototypes. */
  Outcome headline(Prototypes prototypes) {
    return prototypes == Prototypes.ENSEMBLE && ensemble != null ? ensemble : head;
  }
}
