package io.github.lsgspark.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.lsgspark.config.LsgException;
import io.github.lsgspark.golden.GoldenCase;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Edge sets of all four variants against the reference. */
class SelectionGoldenTest {
  @ParameterizedTest
  @CsvSource({"gen_A", "gen_A2", "gen_A2Plus", "gen_A3"})
  void small(String kind) {
    check(GoldenCase.small(), kind);
  }

  @ParameterizedTest
  @CsvSource({"gen_A", "gen_A2", "gen_A2Plus", "gen_A3"})
  void medium(String kind) {
    check(GoldenCase.medium(), kind);
  }

  @Tag("long-1")
  @Tag("real-data")
  @ParameterizedTest
  @CsvSource({"gen_A", "gen_A2", "gen_A2Plus", "gen_A3"})
  void aircraft(String kind) {
    check(GoldenCase.aircraft(), kind);
  }

  private static void check(GoldenCase golden, String kind) {
    String ratio = ", edge-ratio = " + golden.decimal("edge_ratio");
    String selection =
        switch (kind) {
          case "gen_A" -> "selection = threshold, threshold = " + golden.decimal("gen_A_threshold");
          case "gen_A3" -> "selection = euclidean" + ratio;
          default -> "selection = global-ratio" + ratio;
        };
    CsrMatrix selected =
        GoldenGraphs.select(
            golden,
            golden.text("text_train"),
            GoldenGraphs.settings(selection),
            kind.equals("gen_A2Plus"));
    same(selected, golden.graph(kind), 1e-6, kind);
    same(
        selected.normalized(i -> "node " + i), golden.normalized(kind), 1e-7, kind + " normalised");
  }

  private static void same(CsrMatrix actual, CsrMatrix expected, double tolerance, String what) {
    assertThat(actual.rowOffsets()).as(what).isEqualTo(expected.rowOffsets());
    assertThat(actual.columns()).as(what).isEqualTo(expected.columns());
    double worst = 0;
    for (int e = 0; e < actual.entries(); e++) {
      worst = Math.max(worst, Math.abs(actual.values()[e] - expected.values()[e]));
    }
    assertThat(worst).as("largest difference of " + what).isLessThanOrEqualTo(tolerance);
  }

  @Test
  void aRatioWithoutRoomForSelfLoopsIsRefused() {
    assertThatThrownBy(() -> EdgeSelector.rank(0.002, 100, false))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("graph.edge-ratio = 0.002")
        .hasMessageContaining("at least 0.01");
    assertThat(EdgeSelector.rank(0.003, 3920, false))
        .isEqualTo((long) ((1 - 0.003) * 3920.0 * 3920));
  }

  @Test
  void nodesWithoutPositiveDegreeAreNamed() {
    CsrMatrix matrix = CsrMatrix.of(2, new int[] {0}, new int[] {0}, new double[] {1});
    assertThatThrownBy(() -> matrix.normalized(i -> "label " + i))
        .isInstanceOf(LsgException.class)
        .hasMessageContaining("node 1 (label 1) has degree 0.0");
  }
}
