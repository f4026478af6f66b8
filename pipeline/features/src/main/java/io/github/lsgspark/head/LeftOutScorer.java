package io.github.lsgspark.head;

import java.io.Serializable;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Scores labelled samples by heads that did not see them, one for each value of a parameter. A
 * sample is left out with all its views, and scored by its first.
 */
interface LeftOutScorer extends Serializable {

  /**
   * The scores of a block's samples.
   *
   * @return for each value of the parameter [m,C], float64, in the order of {@link
   *     Block#firstRows()}
   */
  List<Tensor> scores(Block block);
}
