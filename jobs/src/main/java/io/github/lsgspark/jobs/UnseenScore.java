package io.github.lsgspark.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What an evaluation says where some classes have no labels; all accuracies are fractions.
 *
 * @param seenClasses how many classes have labels
 * @param unseenClasses how many have none
 * @param seen accuracy of the head on test samples of classes with labels, told from all classes
 * @param byNames accuracy of the prototypes on the others, told from each other; empty for a model
 *     without prototypes
 */
record UnseenScore(int seenClasses, int unseenClasses, double seen, Optional<Double> byNames) {

  /**
   * Empty if all classes have labels, or none with labels has test samples.
   *
   * @param unseen the object of this name in metrics.json
   */
  static Optional<UnseenScore> of(JsonNode unseen) {
    JsonNode seen = unseen.at("/head/seen_accuracy");
    if (!seen.isNumber()) {
      return Optional.empty();
    }
    JsonNode names = unseen.at("/prototypes/unseen_only_top1");
    return Optional.of(
        new UnseenScore(
            unseen.path("seen_classes").asInt(),
            unseen.path("unseen_classes").asInt(),
            seen.asDouble(),
            names.isNumber() ? Optional.of(names.asDouble()) : Optional.empty()));
  }
}
