package io.github.lsgspark.evaluation;

import io.github.lsgspark.config.EvaluateSettings.Classifier;
import java.io.Serializable;

/**
 * What a classifier says about one sample where some classes have no labels. Of equal scores the
 * lower class number comes first.
 *
 * @param predicted the best of all classes
 * @param rank place of the sample's class among the classes without labels, from 1; 0 if its class
 *     has labels
 */
record UnseenOutcome(Classifier classifier, int predicted, int rank) implements Serializable {

  /**
   * @param scores of all classes, the larger the better
   */
  static UnseenOutcome of(Classifier classifier, double[] scores, int label, SeenClasses seen) {
    int best = 0;
    int rank = seen.isSeen(label) ? 0 : 1;
    for (int c = 0; c < scores.length; c++) {
      if (scores[c] > scores[best]) {
        best = c;
      }
      boolean before = scores[c] > scores[label] || (scores[c] == scores[label] && c < label);
      if (rank > 0 && before && !seen.isSeen(c)) {
        rank++;
      }
    }
    return new UnseenOutcome(classifier, best, rank);
  }
}
