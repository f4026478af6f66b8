package io.github.lsgspark.evaluation;

import java.io.Serializable;

/**
 * The labelled training sample that a sample is most like, as the model sees both.
 *
 * @param id of the training sample; empty if none was looked for
 * @param labelId its class
 * @param similarity cosine of the two features, standardised over the training samples, in [-1, 1]
 * @param unlike whether even this one is less like it than the threshold of {@link
 *     TrainingFeatures}
 */
public record NearestSample(String id, int labelId, double similarity, boolean unlike)
    implements Serializable {
  /** Where none was looked for. */
  static final NearestSample NONE = new NearestSample("", -1, Double.NaN, false);

  boolean isNone() {
    return labelId < 0;
  }
}
