package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.config.EvaluateSettings.LabelMetric;
import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrechetMeanTest {

  /** Classes on a line, one apart; only the two ends have labels. */
  private static final FrechetMean LINE =
      new FrechetMean(new int[] {0, 4}, new float[][] {{0, 1, 4, 9, 16}, {16, 9, 4, 1, 0}});

  /** Class 0 in the middle of four, which have labels. */
  private static final FrechetMean STAR =
      new FrechetMean(
          new int[] {1, 2, 3, 4},
          new float[][] {{1, 0, 4, 4, 4}, {1, 4, 0, 4, 4}, {1, 4, 4, 0, 4}, {1, 4, 4, 4, 0}});

  private static int predicted(FrechetMean mean, double... probabilities) {
    double[] logits = new double[probabilities.length];
    for (int c = 0; c < logits.length; c++) {
      logits[c] = Math.log(probabilities[c]);
    }
    double[] spread = mean.spread(logits);
    return IntStream.range(0, spread.length)
        .reduce((best, c) -> spread[c] < spread[best] ? c : best)
        .orElseThrow();
  }

  @Test
  void onALineItIsTheClassNearestToTheWeightedMean() {
    assertThat(predicted(LINE, 1, 0, 0, 0, 0)).isZero();
    assertThat(predicted(LINE, 0.76, 0, 0, 0, 0.24)).isEqualTo(1);
    assertThat(predicted(LINE, 0.5, 0, 0, 0, 0.5)).isEqualTo(2);
    assertThat(predicted(LINE, 0.3, 0, 0, 0, 0.7)).isEqualTo(3);
    assertThat(LINE.spread(new double[] {0, 9, 9, 9, 0})[2]).isEqualTo(4);
  }

  @Test
  void whatTheHeadSaysOfClassesWithoutLabelsDoesNotCount() {
    assertThat(predicted(LINE, 0.05, 0.9, 0, 0, 0.05)).isEqualTo(2);
  }

  @Test
  void inAStarALeafMustHoldThreeQuarters() {
    // The leaf of weight p: 4 (1 - p). The middle: 1.
    assertThat(predicted(STAR, 0, 0.25, 0.25, 0.25, 0.25)).isZero();
    assertThat(predicted(STAR, 0, 0.1, 0.74, 0.1, 0.06)).isZero();
    assertThat(predicted(STAR, 0, 0.1, 0.76, 0.1, 0.04)).isEqualTo(2);
  }

  /** Unit vectors in the plane. */
  private static ClassDistances circle(double... angles) {
    LabelSet labels =
        LabelSet.of(IntStream.range(0, angles.length).mapToObj(i -> "class " + i).toList());
    List<ClassSums> sums = new ArrayList<>();
    for (int i = 0; i < angles.length; i++) {
      double[] vector = {Math.cos(angles[i]), Math.sin(angles[i])};
      sums.add(new ClassSums(i, "class " + i, 1, vector, 0, new double[2]));
    }
    return ClassDistances.of(labels, sums);
  }

  private static double chord(double angle) {
    return 2 * Math.sin(angle / 2);
  }

  @Test
  void pathsGoByWayOfNearestClasses() {
    // Each is joined with its three nearest: 0 with 1, 2, 3; 7 with 4, 5, 6; 3 with 4 to 6 by
    // theirs.
    ClassDistances distances = circle(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7);
    double[] paths = new ClassGraph(distances).pathsFrom(0);
    assertThat(paths[0]).isZero();
    assertThat(paths[3]).isCloseTo(chord(0.3), within(1e-12));
    // Each class reaches three further: 0 - 3 - 6 - 7, or 0 - 1 - 4 - 7.
    assertThat(paths[7]).isBetween(2 * chord(0.3), 2 * chord(0.3) + chord(0.1) + 1e-9);
    assertThat(paths[7]).isGreaterThan(chord(0.7));
    float[][] straight = Classifiers.squared(distances, new int[] {0, 5}, LabelMetric.COSINE);
    assertThat(straight[0][7]).isCloseTo((float) (2 - 2 * Math.cos(0.7)), within(1e-6f));
    float[][] along = Classifiers.squared(distances, new int[] {0, 5}, LabelMetric.GRAPH);
    assertThat(along[0][7]).isCloseTo((float) (paths[7] * paths[7]), within(1e-6f));
    assertThat(along[1][5]).isZero();
  }

  @Test
  void partsAreJoinedByTheirShortestEdges() {
    // Three groups of four, too far from each other to be anybody's nearest.
    ClassDistances distances =
        circle(0, 0.01, 0.02, 0.03, 1, 1.01, 1.02, 1.03, 2.5, 2.51, 2.52, 2.53);
    ClassGraph graph = new ClassGraph(distances);
    double within = chord(0.03);
    assertThat(graph.pathsFrom(0)[7]).isCloseTo(within + chord(0.97) + within, within(1e-9));
    assertThat(graph.pathsFrom(11)[0])
        .isCloseTo(within + chord(1.47) + within + chord(0.97) + within, within(1e-9));
    assertThat(graph.pathsFrom(0)[11]).isCloseTo(graph.pathsFrom(11)[0], within(1e-12));
  }
}
