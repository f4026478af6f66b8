package io.github.lsgspark.training.ssl;

import io.github.lsgspark.torch.HostArray;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Tensor;

/**
 * A strategy of semi-supervised learning: which unlabelled images of a step train the network, and
 * as what. Every replica makes the same calls in the same order.
 */
public interface PseudoLabelling {
  /** In place of a label: the image is not used in this step. */
  int REJECTED = -1;

  /** Whether {@link #renew} is to be called before a step, counted from 0. */
  default boolean due(int step) {
    return false;
  }

  /** Looks at all unlabelled samples again. */
  default void renew(int step) {}

  /** Whether {@link #decide} needs probabilities. */
  default boolean looksAtProbabilities() {
    return true;
  }

  /**
   * Decides about this replica's images of a step.
   *
   * @param samples their places in the list of unlabelled samples
   * @param probabilities [n][classes], the present network's on their weak views; no rows if not
   *     looked at
   * @return a label for each, or {@link #REJECTED}
   */
  int[] decide(int[] samples, float[][] probabilities);

  /** Whether an accepted image trains the classifier by {@link #target}, not by its label alone. */
  default boolean isSoft() {
    return false;
  }

  /**
   * What an accepted image is to be taken for: probabilities times the image's weight.
   *
   * @param sample its place in the list of unlabelled samples
   * @return [classes]
   */
  default float[] target(int sample) {
    throw new UnsupportedOperationException("labels are not soft");
  }

  /** Whether {@link #fairness} gives a term. */
  default boolean balances() {
    return false;
  }

  /**
   * A term that keeps the classes in balance, over the accepted images of all replicas, which call
   * this together.
   *
   * @param logits [n,classes] of the strong views of this replica's accepted images, n may be 0
   * @return the term of the global batch, with the gradient of this replica's images; empty if no
   *     replica has accepted an image
   */
  default Optional<Tensor> fairness(Tensor logits) {
    return Optional.empty();
  }

  /** What a checkpoint keeps, by name. */
  default Map<String, HostArray> state() {
    return Map.of();
  }

  /** Takes up what {@link #state} gave. */
  default void restore(Map<String, HostArray> state) {}
}
