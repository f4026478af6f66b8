package io.github.lsgspark.evaluation;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/** Finds for each sample the labelled training samples that it is most like. */
interface Nearby extends Serializable {
  /** Looks for none. */
  Nearby NONE = () -> Finder.NONE;

  /** The samples that may be found. */
  default List<String> ids() {
    return List.of();
  }

  /** Opens it for one thread of an executor. */
  Finder open();

  /** For one thread. */
  interface Finder extends AutoCloseable {
    /** Finds none. */
    Finder NONE =
        (scores, count) ->
            Collections.nCopies(scores.size(), Collections.<NearestSample>emptyList());

    /**
     * The most alike first, of each sample.
     *
     * @param count of each; fewer where there are fewer
     */
    List<List<NearestSample>> of(List<OpenModel.Scores> scores, int count);

    @Override
    default void close() {
      // Most hold nothing.
    }
  }
}
