package io.github.lsgspark.curation;

import java.io.Serializable;
import java.util.Comparator;

/**
 * A labelled sample of which another class is likelier.
 *
 * @param id of the sample
 * @param label its class
 * @param suggested the likeliest other class
 * @param score 1 less the probability of its label, by leave-one-out and neighbours together
 * @param leftOutLabel what leave-one-out says of its label; {@code leftOutSuggested} of the other
 * @param leftOutMargin of its label before the likeliest other class by leave-one-out: below 0
 *     where that one is likelier
 * @param nearLabel what neighbours say of its label; {@code nearSuggested} of the other
 * @param confident whether confident learning counts it as an error, too: leave-one-out gives some
 *     other class more than that class's own samples have in the mean
 */
public record LabelError(
    String id,
    int label,
    int suggested,
    double score,
    double leftOutLabel,
    double leftOutSuggested,
    double leftOutMargin,
    double nearLabel,
    double nearSuggested,
    boolean confident)
    implements Serializable {

  /** The likeliest error first; equal ones by name. */
  public static final Comparator<LabelError> LIKELIEST_FIRST =
      (Comparator<LabelError> & Serializable)
          (a, b) -> {
            int byScore = Double.compare(b.score, a.score);
            return byScore != 0 ? byScore : a.id.compareTo(b.id);
          };
}
