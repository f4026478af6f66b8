package io.github.lsgspark.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.lsgspark.embedding.ClassSums;
import io.github.lsgspark.text.LabelSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final LabelSet LABELS = LabelSet.fromFolders(List.of("a", "b", "c"), "folder");
  private static final LabelSet EIGHT =
      LabelSet.fromFolders(List.of("a", "b", "c", "d", "e", "f", "g", "h"), "folder");
  private static final ClassDistances DISTANCES =
      ClassDistances.of(LABELS, List.of(sums("a", 2, 0), sums("b", 1, 1), sums("c", 0, 5)));

  private static ClassSums sums(String label, double... train) {
    return new ClassSums(0, label, 1, train, 0, new double[train.length]);
  }

  private static TopKPrediction outcome(int predicted, double confidence) {
    return new TopKPrediction(new int[] {predicted}, new double[] {confidence});
  }

  @Test
  @SuppressWarnings("unchecked")
  void figuresFollowFromTheCounts() {
    ConfusionCounts tally = new ConfusionCounts(3, 2);
    tally.add(0, outcome(0, 0.9)).add(0, outcome(0, 0.7)).add(0, outcome(1, 0.4));
    tally.add(1, new TopKPrediction(new int[] {2, 1}, new double[] {0.8, 0.2}));
    Metrics metrics = Metrics.of(tally, DISTANCES);
    assertThat(metrics.samples()).isEqualTo(4);
    assertThat(metrics.accuracy()).isEqualTo(0.5);
    assertThat(metrics.top5()).isEqualTo(0.75);
    assertThat(metrics.balancedAccuracy()).isEqualTo((2.0 / 3 + 0) / 2);
    // Above one half: 3 samples, 2 correct, mean confidence 0.8; below: 1, none correct, 0.4.
    assertThat(metrics.ece()).isCloseTo((3 * Math.abs(2.0 / 3 - 0.8) + 1 * 0.4) / 4, within(1e-9));
    assertThat(metrics.meanSemanticError()).isCloseTo(1 - Math.sqrt(0.5), within(1e-12));
    assertThat(metrics.meanGraphDistance()).isEqualTo(1);
    Map<String, Object> details = Metrics.details(tally, LABELS);
    assertThat(details.get("confusions"))
        .isEqualTo(List.of(new Metrics.Confusion("a", "b", 1), new Metrics.Confusion("b", "c", 1)));
    Map<String, Map<String, Object>> perClass =
        (Map<String, Map<String, Object>>) details.get("per_class");
    assertThat(perClass.get("a")).containsEntry("count", 3L).containsEntry("accuracy", 2.0 / 3);
    assertThat(perClass.get("c")).containsEntry("count", 0L).containsEntry("accuracy", null);
  }

  @Test
  void mergingInAnyOrderGivesTheSameBits() {
    SplittableRandom random = new SplittableRandom(1);
    ConfusionCounts[] parts = {
      new ConfusionCounts(3, 15), new ConfusionCounts(3, 15), new ConfusionCounts(3, 15)
    };
    ConfusionCounts whole = new ConfusionCounts(3, 15);
    for (int i = 0; i < 999; i++) {
      TopKPrediction outcome = outcome(random.nextInt(3), random.nextDouble());
      int label = random.nextInt(3);
      parts[i % 3].add(label, outcome);
      whole.add(label, outcome);
    }
    ConfusionCounts merged =
        new ConfusionCounts(3, 15).merge(parts[2]).merge(parts[0]).merge(parts[1]);
    assertThat(Metrics.of(merged, DISTANCES)).isEqualTo(Metrics.of(whole, DISTANCES));
  }

  @Test
  void noErrorsMeansNoErrorDistance() {
    Metrics metrics = Metrics.of(new ConfusionCounts(3, 15).add(1, outcome(1, 1)), DISTANCES);
    assertThat(metrics.meanSemanticError()).isNaN();
    assertThat(metrics.scalars())
        .containsEntry("mean_semantic_error", null)
        .containsEntry("mean_graph_distance", null)
        .doesNotContainValue(Double.NaN);
    assertThat(metrics.ece()).isZero();
  }

  @Test
  void stepsFollowTheNearestNeighbours() {
    // Eight classes on a quarter circle: each is joined with its three nearest.
    List<ClassSums> sums = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      double angle = i * 0.2 + i * i * 1e-4;
      sums.add(sums(EIGHT.label(i).name(), Math.cos(angle), Math.sin(angle)));
    }
    ClassDistances distances = ClassDistances.of(EIGHT, sums);
    assertThat(distances.steps(0, 0)).isZero();
    assertThat(distances.steps(0, 3)).isEqualTo(1);
    assertThat(distances.steps(0, 7)).isEqualTo(3);
    assertThat(distances.steps(7, 0)).isEqualTo(3);
    sums.remove(4);
    assertThatThrownBy(() -> ClassDistances.of(EIGHT, sums)).hasMessageContaining("\"e\"");
  }

  @Test
  void classesThatNoPathJoinsAreFarthest() {
    // Two tight groups of four: nobody's three nearest lie in the other group.
    List<ClassSums> sums = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      double angle = (i < 4 ? 0 : 1.5) + i % 4 * 0.01;
      sums.add(sums(EIGHT.label(i).name(), Math.cos(angle), Math.sin(angle)));
    }
    ClassDistances distances = ClassDistances.of(EIGHT, sums);
    assertThat(distances.steps(0, 3)).isEqualTo(1);
    assertThat(distances.steps(0, 4)).isEqualTo(ClassDistances.LONGEST_PATH);
  }
}
