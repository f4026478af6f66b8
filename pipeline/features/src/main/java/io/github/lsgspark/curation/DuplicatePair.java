package io.github.lsgspark.curation;

import io.github.lsgspark.dataset.SampleTable;
import java.io.Serializable;
import java.util.Comparator;

/**
 * Two samples that are the same, or nearly.
 *
 * @param exact whether their bytes are the same
 * @param cosine of their features
 * @param first named first in the order of names
 * @param splitFirst its split
 * @param labelFirst its class, -1 where it is unknown or not to be known
 */
public record DuplicatePair(
    boolean exact,
    double cosine,
    String first,
    String splitFirst,
    int labelFirst,
    String second,
    String splitSecond,
    int labelSecond)
    implements Serializable {

  /** Whether one is to judge what the other teaches; labelled and unlabelled teach alike. */
  public boolean acrossSplits() {
    return !splitFirst.equals(splitSecond) && (judges(splitFirst) || judges(splitSecond));
  }

  private static boolean judges(String split) {
    return split.equals(SampleTable.TEST) || split.equals(SampleTable.VALIDATION);
  }

  /** Whether they have different labels. */
  public boolean labelsDiffer() {
    return labelFirst >= 0 && labelSecond >= 0 && labelFirst != labelSecond;
  }

  /** The most alike first. */
  static final Comparator<DuplicatePair> ALIKE_FIRST =
      (Comparator<DuplicatePair> & Serializable)
          (a, b) -> {
            int order = Boolean.compare(b.exact, a.exact);
            order = order != 0 ? order : Double.compare(b.cosine, a.cosine);
            order = order != 0 ? order : a.first.compareTo(b.first);
            return order != 0 ? order : a.second.compareTo(b.second);
          };
}
