package io.github.lsgspark.training.ssl;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which pseudo-labels a round of curriculum labeling takes (Cascante-Bonilla et al., "Curriculum
 * Labeling", AAAI 2021): the most confident ones. As in class-balanced self-training (Zou et al.,
 * ECCV 2018) they are chosen class by class, so that classes that are easy at first do not crowd
 * out the others: of n samples and a share s, class c gets at most s n p(c) places, and one at
 * least, where p(c) is the class's part of the labelled samples.
 */
public final class CurriculumSelector {
  /** A product that is a whole number but for rounding does not count as more. */
  private static final double ROUNDING = 1e-9;

  private CurriculumSelector() {}

  /**
   * The labels with those that are not taken rejected.
   *
   * @param labels a class for each sample
   * @param confidences probability of it
   * @param share of all samples to take at most
   * @param classShares p(c); they sum to 1
   */
  public static int[] of(int[] labels, float[] confidences, double share, double[] classShares) {
    int[] left = new int[classShares.length];
    for (int label = 0; label < left.length; label++) {
      left[label] =
          Math.max(1, (int) Math.ceil(share * labels.length * classShares[label] - ROUNDING));
    }
    int[] taken = new int[labels.length];
    Arrays.fill(taken, PseudoLabelling.REJECTED);
    IntStream.range(0, labels.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingDouble(i -> -confidences[i]).thenComparingInt(i -> i))
        .forEach(
            i -> {
              if (left[labels[i]]-- > 0) {
                taken[i] = labels[i];
              }
            });
    return taken;
  }
}
