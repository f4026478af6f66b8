package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import java.io.Serializable;
import java.util.EnumMap;
import java.util.List;

/**
 * A sample and what the model says about it.
 *
 * @param labelId its class, or -1 if that is not known
 * @param split of the sample table
 * @param outcomes of the head, of the ensemble if the model has prototypes, and of the classifier
 *     that the settings name
 * @param unseen of every classifier that there is, where some classes have no labels and the sample
 *     is one to measure by; else empty
 * @param nearest labelled training sample, where one was looked for
 */
record Scored(
    String id,
    int labelId,
    String split,
    EnumMap<Classifier, TopKPrediction> outcomes,
    List<UnseenOutcome> unseen,
    NearestSample nearest)
    implements Serializable {

  Scored(
      String id,
      int labelId,
      String split,
      EnumMap<Classifier, TopKPrediction> outcomes,
      List<UnseenOutcome> unseen) {
    this(id, labelId, split, outcomes, unseen, NearestSample.NONE);
  }

  /** The same, with what it is most like. */
  Scored near(List<NearestSample> found) {
    return found.isEmpty() ? this : new Scored(id, labelId, split, outcomes, unseen, found.get(0));
  }

  /** The outcome of the classifier; the head's where there are no prototypes. */
  TopKPrediction headline(Classifier classifier) {
    return outcomes.getOrDefault(classifier, outcomes.get(Classifier.HEAD));
  }
}
