package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Prototypes;
import java.io.Serializable;

/**
 * A sample and what the model says about it.
 *
 * @param labelId its class, or -1 if that is not known
 * @param split of the sample table
 * @param head the classifier alone; null for a rejected sample
 * @param ensemble classifier and class prototypes together; null for a model without prototypes
 * @param rejection why the sample could not be read; null if it could
 */
record Scored(
    String id, int labelId, String split, Outcome head, Outcome ensemble, Rejection rejection)
    implements Serializable {

  /**
   * Why a sample could not be read.
   *
   * @param reason a short fixed name, as in the table of rejected samples
   */
  record Rejection(String reason, String detail) implements Serializable {}

  /** The outcome that the setting asks for; the head's where there are no prototypes. */
  Outcome headline(Prototypes prototypes) {
    return prototypes == Prototypes.ENSEMBLE && ensemble != null ? ensemble : head;
  }
}
