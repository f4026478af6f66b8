package io.github.lsgspark.head;

import java.io.Serializable;

/**
 * A head that votes, and the features that it sees.
 *
 * @param name as the configuration calls it
 * @param features folder of the stage features
 * @param transform of these features
 * @param logits C of them
 */
public record VotingHead(
    String name, String features, FeatureTransform transform, LinearHead logits)
    implements Serializable {

  /** C. */
  int classes() {
    return logits.bias().length;
  }
}
