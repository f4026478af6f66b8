package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * The transformed features of the labelled samples, in memory or in blocks on executors. Heads see
 * them by sums over blocks.
 */
public interface LabelledRows {

  /** What a block adds to a sum. */
  @FunctionalInterface
  interface Term extends Serializable {
    /**
     * The numbers that are added.
     *
     * @param x transformed features, the views of a sample one behind the other [m · views, d]
     * @param labels of the samples [m]
     */
    double[] of(Tensor x, int[] labels);
  }

  /** The classes, how many samples each has, and what one of them counts. */
  ClassCounts classes();

  /** Rows of a sample. */
  int views();

  /** d. */
  int dimension();

  /** The sum of a term over all blocks. */
  double[] sum(Term term);

  /**
   * All rows as one block, where they are no more than their numbers, so that the dual form takes
   * less.
   *
   * @return null where there is none
   */
  Tensor dual();

  /** The labels of {@link #dual}'s samples. */
  int[] dualLabels();

  /**
   * All rows as one block, where they are in memory, however many.
   *
   * @return null where they are not
   */
  default Tensor held() {
    return dual();
  }

  /** The texts of the classes, where settings ask for them. */
  default Optional<ClassTexts> texts() {
    return Optional.empty();
  }

  /** What a row of each class counts [C]: a part of what its sample does. */
  default double[] rowWeights() {
    double[] weights = classes().weights().clone();
    for (int c = 0; c < weights.length; c++) {
      weights[c] /= views();
    }
    return weights;
  }
}
